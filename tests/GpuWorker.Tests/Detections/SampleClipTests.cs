using System.Text.Json;

using OrleansAiFleet.Testing;
using OrleansAiFleet.Vision.Evaluations;

using Xunit.Abstractions;

namespace OrleansAiFleet.GpuWorker.Tests.Detections;

/// <summary>What the sample model finds in the sample clip, through the whole worker, measured against the clip's truth.</summary>
public sealed class SampleClipTests(ITestOutputHelper output)
{
    // The clip has 15 frames a second and its truth every third: what a camera that samples five a second looks at.
    private const int TruthEvery = 3;

    // COCO's metrics want weak detections too.
    private const float LowestConfidence = 0.02f;

    private static readonly string Samples = Path.Combine(RealData.RepositoryRoot, "samples");

    [Fact]
    public async Task Sample_model_finds_what_its_clip_shows()
    {
        using var truth = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Samples, "construction-site.coco.json")));
        var images = truth.RootElement.GetProperty("images").EnumerateArray().ToList();
        var (width, height) = (images[0].GetProperty("width").GetInt32(), images[0].GetProperty("height").GetInt32());

        var clip = await PlayedClip.PlayAsync(
            Path.Combine(Samples, "construction-site.mp4"), Path.Combine(Samples, "site-safety.onnx"), new(), null, LowestConfidence);

        Assert.Equal(images.Select(image => image.GetProperty("id").GetInt64()), clip.Frames.Index().Select(frame => (long)frame.Index * TruthEvery));
        var metrics = CocoEvaluator.Evaluate(
            [.. truth.RootElement.GetProperty("categories").EnumerateArray().Select(category => category.GetProperty("id").GetInt32())],
            [.. truth.RootElement.GetProperty("annotations").EnumerateArray().Select(Read)],
            [.. clip.Book.Detections.Select(found => new DetectedBox(
                found.FrameNumber * TruthEvery, found.ClassId, found.Confidence,
                found.X * width, found.Y * height, found.Width * width, found.Height * height))],
            CancellationToken.None);
        output.WriteLine($"AP50 {metrics.Ap50:F3}, AP {metrics.Ap:F3}");
        Assert.InRange(metrics.Ap50, 0.80, 1);
    }

    private static GroundTruthBox Read(JsonElement annotation)
    {
        var box = annotation.GetProperty("bbox");
        return new(
            annotation.GetProperty("image_id").GetInt64(),
            annotation.GetProperty("category_id").GetInt32(),
            box[0].GetDouble(),
            box[1].GetDouble(),
            box[2].GetDouble(),
            box[3].GetDouble(),
            annotation.GetProperty("area").GetDouble(),
            annotation.GetProperty("iscrowd").GetInt32() != 0);
    }
}
