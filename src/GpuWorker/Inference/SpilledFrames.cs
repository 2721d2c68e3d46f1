using OrleansAiFleet.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>Frames and outcomes on their way between two workers.</summary>
internal static class SpilledFrames
{
    /// <summary>What the frame measures inside the model's input; never larger than it is.</summary>
    public static (int Width, int Height) SizeOf(VideoFrame frame, InputSpec input)
    {
        var (width, height) = TensorFiller.InnerSize(frame.Width, frame.Height, input);
        return VideoFrame.SizeOf(width, height) < frame.Data.Length ? (width, height) : (frame.Width, frame.Height);
    }

    /// <summary>The same where the model is not loaded here, by what its configuration says; as it is where that says nothing.</summary>
    public static (int Width, int Height) SizeOf(VideoFrame frame, ModelReference model) =>
        model.Configuration is { InputWidth: { } width, InputHeight: { } height }
            ? SizeOf(frame, new InputSpec { Width = width, Height = height, Resize = ResizeOf(model.Configuration.Resize) })
            : (frame.Width, frame.Height);

    public static SpilledFrame Create(VideoFrame frame, int width, int height, ModelReference model, FrameRequest request)
    {
        var picture = GC.AllocateUninitializedArray<byte>(VideoFrame.SizeOf(width, height));
        if (picture.Length == frame.Data.Length)
        {
            frame.Data.Span.CopyTo(picture);
        }
        else
        {
            FrameScaler.Scale(frame.Data.Span, frame.Width, frame.Height, picture, width, height);
        }

        return new SpilledFrame
        {
            Model = model,
            CameraId = request.CameraId,
            Width = width,
            Height = height,
            I420 = picture,
            Priority = request.Priority,
            ConfidenceThreshold = request.ConfidenceThreshold,
            Timeout = request.Timeout,
            MaximumBatch = request.MaximumBatch,
        };
    }

    /// <summary>The frame as it is queued where it arrived: it goes no further, and the sender has superseded what there was to.</summary>
    public static FrameRequest ToRequest(SpilledFrame frame) => new(
        frame.CameraId, frame.Priority, frame.ConfidenceThreshold, frame.Timeout, MaySupersede: false, MaySpill: false, frame.MaximumBatch);

    /// <summary>A frame in a buffer of <paramref name="pool"/>, or null where the message makes no picture.</summary>
    public static VideoFrame? ToFrame(SpilledFrame spilled, FramePool pool)
    {
        if (spilled.Width <= 0 || spilled.Height <= 0 || (spilled.Width | spilled.Height) % 2 != 0
            || (long)spilled.Width * spilled.Height * 3 / 2 != spilled.I420.Length)
        {
            return null;
        }

        var frame = pool.Rent(spilled.Width, spilled.Height);
        spilled.I420.CopyTo(frame.Data);
        return frame;
    }

    public static SpilledFrameResult ToResult(FrameOutcome outcome) => new()
    {
        Skipped = outcome.Skipped,
        Objects = [.. outcome.Objects.Select(box =>
            new FoundObject(box.ClassId, box.Confidence, box.X, box.Y, box.Width, box.Height))],
        QueueMilliseconds = outcome.QueueMilliseconds,
        PreprocessMilliseconds = outcome.PreprocessMilliseconds,
        InferMilliseconds = outcome.InferMilliseconds,
        PostprocessMilliseconds = outcome.PostprocessMilliseconds,
    };

    public static FrameOutcome ToOutcome(SpilledFrameResult result) => new()
    {
        Skipped = result.Skipped,
        Objects = [.. result.Objects.Select(found =>
            new ObjectBox(found.ClassId, found.Confidence, found.X, found.Y, found.Width, found.Height))],
        QueueMilliseconds = result.QueueMilliseconds,
        PreprocessMilliseconds = result.PreprocessMilliseconds,
        InferMilliseconds = result.InferMilliseconds,
        PostprocessMilliseconds = result.PostprocessMilliseconds,
        BatchSize = 1,
        Spilled = true,
    };

    private static ResizeMode ResizeOf(string? spelled) =>
        Enum.TryParse<ResizeMode>(spelled?.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var mode) ? mode : default;
}
