using System.Text.Json;

using OrleansAiFleet.SampleData.Scenes;
using OrleansAiFleet.Trainer.Training;

namespace OrleansAiFleet.SampleData.Detections;

/// <summary>Collects pictures and their objects, writes them in COCO's form.</summary>
internal sealed class CocoBuilder
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly List<CocoImage> _images = [];
    private readonly List<CocoAnnotation> _annotations = [];

    /// <summary>Class names as they are stored, index = class id.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = ["worker", "helmet", "no_helmet", "vest", "no_vest", "vehicle"];

    /// <summary>What was collected.</summary>
    public CocoFile File => new(_images, _annotations, [.. ClassNames.Select((name, i) => new CocoCategory(i, name))]);

    /// <summary>Adds one picture.</summary>
    public void Add(long id, string fileName, int width, int height, IEnumerable<LabelledObject> objects)
    {
        _images.Add(new(id, fileName, width, height));
        foreach (var (kind, box) in objects)
        {
            double[] sides = [Round(box.Left), Round(box.Top), Round(box.Width), Round(box.Height)];
            _annotations.Add(new(_annotations.Count + 1, id, (int)kind, sides, Round(sides[2] * sides[3]), 0));
        }
    }

    /// <summary>Writes the file.</summary>
    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = System.IO.File.Create(path);
        await JsonSerializer.SerializeAsync(stream, File, Json, cancellationToken);
    }

    private static double Round(double value) => Math.Round(value, 2);
}
