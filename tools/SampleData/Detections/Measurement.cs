using System.Diagnostics;

using OrleansAiFleet.Trainer.Training;
using OrleansAiFleet.Vision.Evaluations;

namespace OrleansAiFleet.SampleData.Detections;

/// <summary>Measures the exported model on pictures that ffmpeg decodes as it does for a camera.</summary>
internal static class Measurement
{
    /// <summary>COCO's metrics of the model over the pictures of <paramref name="source"/>.</summary>
    /// <param name="detector">The exported model.</param>
    /// <param name="source">What ffmpeg reads: a pattern of pictures, or a clip.</param>
    /// <param name="every">Takes every so many frames.</param>
    /// <param name="truth">Pictures in the order of the frames taken.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<CocoMetrics> MeasureAsync(
        SampleDetector detector, string source, int every, CocoFile truth, CancellationToken cancellationToken)
    {
        var (width, height) = (truth.Images[0].Width, truth.Images[0].Height);
        var found = new List<DetectedBox>();
        var frame = new byte[width * height * 3 / 2];
        using var ffmpeg = Decode(source, every);
        foreach (var image in truth.Images)
        {
            await ffmpeg.StandardOutput.BaseStream.ReadExactlyAsync(frame, cancellationToken);
            found.AddRange(detector.Detect(frame, width, height).Select(box => new DetectedBox(
                image.Id, box.ClassId, box.Confidence, box.X * width, box.Y * height, box.Width * width, box.Height * height)));
        }

        ffmpeg.Kill();
        var wanted = truth.Annotations.Select(annotation => new GroundTruthBox(
            annotation.ImageId,
            (int)annotation.CategoryId,
            annotation.Bbox[0],
            annotation.Bbox[1],
            annotation.Bbox[2],
            annotation.Bbox[3],
            annotation.Area,
            annotation.Iscrowd != 0));
        return CocoEvaluator.Evaluate(
            [.. truth.Categories.Select(category => (int)category.Id)], [.. wanted], found, cancellationToken);
    }

    private static Process Decode(string source, int every) => Process.Start(new ProcessStartInfo(
        "ffmpeg",
        [
            "-v", "error", "-i", source, "-vf", $"select=not(mod(n\\,{every})),scale=out_range=tv:out_color_matrix=bt601",
            "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1",
        ])
    {
        RedirectStandardOutput = true,
    })!;
}
