using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Silo.Inference;

/// <summary>What a worker's no to a picture is to the caller. Pure.</summary>
internal static class PictureFaults
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public static InferenceRefusal Explain(InferredPicture picture, InferenceApiOptions limits, int timeoutSeconds) => picture.Fault switch
    {
        PictureFault.NoPicture => new(400, "no_picture", "It is no JPEG, PNG or WebP picture: give it as one.", "file"),
        PictureFault.WrongSize when picture.Width < 2 || picture.Height < 2 =>
            new(400, "too_small", $"It has {picture.Width}x{picture.Height} pixels; give one of 2x2 or more.", "file"),
        PictureFault.WrongSize => new(
            413,
            "too_many_pixels",
            $"It has {picture.Width}x{picture.Height} pixels; give one of {limits.MaxSide} a side and {limits.MaxPixels} in all at most.",
            "file"),
        PictureFault.Damaged => new(400, "damaged", "The picture breaks off or cannot be decoded: give a whole file.", "file"),
        PictureFault.Busy => new(503, "busy", "The workers' queues are full. Repeat the request a little later.", RetryAfter: Soon),
        PictureFault.TimedOut => TimedOut(timeoutSeconds),
        PictureFault.ModelNotReady => new(
            503, "model_not_ready", "No worker could load the model. Repeat the request; the workers' logs say why.", RetryAfter: Soon),
        _ => new(503, "worker_failed", "The workers that were asked failed at it. Repeat the request.", RetryAfter: Soon),
    };

    public static InferenceRefusal TimedOut(int timeoutSeconds) => new(
        504,
        "timeout",
        $"There was no answer within the deployment's timeout_seconds ({timeoutSeconds}), upload included. Send fewer or smaller pictures, "
        + "repeat it when less is going on, or give the deployment more time.");
}
