using System.Text.Json;
using OrleansAiFleet.Testing;
using OrleansAiFleet.Vision.Evaluations;

namespace OrleansAiFleet.Vision.Tests.Evaluations;

/// <summary>One recorded case: truth, detections, and what the reference implementation made of them.</summary>
internal sealed record CocoCase(
    string Name, int[] Classes, GroundTruthBox[] Truths, DetectedBox[] Detections, JsonElement Expected)
{
    private const string Folder = "coco-eval";

    public static IEnumerable<CocoCase> All() =>
        Directory.GetFiles(RealData.PathOf(Folder), "*.json").Order(StringComparer.Ordinal).Select(Read);

    private static CocoCase Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var root = document.RootElement;
        var truth = root.GetProperty("ground_truth");
        return new CocoCase(
            Path.GetFileName(path),
            [.. truth.GetProperty("categories").EnumerateArray().Select(category => category.GetProperty("id").GetInt32())],
            [.. truth.GetProperty("annotations").EnumerateArray().Select(ReadTruth)],
            [.. root.GetProperty("detections").EnumerateArray().Select(ReadDetection)],
            root.GetProperty("expected").Clone());
    }

    private static GroundTruthBox ReadTruth(JsonElement annotation)
    {
        var (x, y, width, height) = ReadBox(annotation);
        return new GroundTruthBox(
            annotation.GetProperty("image_id").GetInt64(),
            annotation.GetProperty("category_id").GetInt32(),
            x,
            y,
            width,
            height,
            annotation.GetProperty("area").GetDouble(),
            annotation.GetProperty("iscrowd").GetInt32() == 1);
    }

    private static DetectedBox ReadDetection(JsonElement detection)
    {
        var (x, y, width, height) = ReadBox(detection);
        return new DetectedBox(
            detection.GetProperty("image_id").GetInt64(),
            detection.GetProperty("category_id").GetInt32(),
            detection.GetProperty("score").GetDouble(),
            x,
            y,
            width,
            height);
    }

    private static (double X, double Y, double Width, double Height) ReadBox(JsonElement owner)
    {
        var box = owner.GetProperty("bbox");
        return (box[0].GetDouble(), box[1].GetDouble(), box[2].GetDouble(), box[3].GetDouble());
    }
}
