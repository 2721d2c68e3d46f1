using System.Text.Json;

using SkiaSharp;

namespace OrleansAiFleet.Trainer.Training;

/// <summary>Reads a detection data set in COCO's form: one JSON file and a folder of pictures.</summary>
public static class TrainingSet
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads the annotations.</summary>
    /// <exception cref="InvalidDataException">The file is no COCO data set, or contradicts itself; the message names it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<CocoFile> ReadAsync(string annotations, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(annotations);
        try
        {
            var set = await JsonSerializer.DeserializeAsync<CocoFile>(stream, Json, cancellationToken)
                ?? throw new InvalidDataException($"{annotations} is empty.");
            return FaultOf(set) is { } fault ? throw new InvalidDataException($"{annotations} cannot be trained on: {fault}.") : set;
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException($"{annotations} is no COCO data set: {failure.Message}", failure);
        }
    }

    /// <summary>Decodes every picture, letterboxed into the network's size on grey.</summary>
    /// <exception cref="InvalidDataException">A picture cannot be read; the message names it.</exception>
    internal static IReadOnlyList<TrainingSample> Load(
        CocoFile set, string folder, DetectorLayout layout, CancellationToken cancellationToken)
    {
        var classes = set.Categories.OrderBy(category => category.Id).Select((category, i) => (category.Id, i))
            .ToDictionary(pair => pair.Id, pair => pair.i);

        // A box without area is a slip of whoever drew it; it shows nothing to learn from.
        var boxes = set.Annotations.Where(annotation => annotation is { Iscrowd: 0, Bbox: [_, _, > 0, > 0] })
            .ToLookup(annotation => annotation.ImageId);
        return
        [
            .. set.Images.Select(image =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return Load(Path.Combine(folder, image.FileName), boxes[image.Id], classes, layout);
            }),
        ];
    }

    private static string? FaultOf(CocoFile set)
    {
        var categories = set.Categories.Select(category => category.Id).ToHashSet();
        var stranger = set.Annotations.FirstOrDefault(annotation => !categories.Contains(annotation.CategoryId));
        var crooked = set.Annotations.FirstOrDefault(annotation => annotation.Bbox.Count != 4);
        return set switch
        {
            { Images.Count: 0 } => "it names no picture",
            { Categories.Count: 0 } => "it names no category",
            _ when categories.Count < set.Categories.Count => "two categories have the same id",
            _ when stranger is not null => $"annotation {stranger.Id} is of category {stranger.CategoryId}, which it does not name",
            _ when crooked is not null => $"the box of annotation {crooked.Id} has {crooked.Bbox.Count} numbers, not 4",
            _ => null,
        };
    }

    private static TrainingSample Load(
        string path, IEnumerable<CocoAnnotation> annotations, Dictionary<long, int> classes, DetectorLayout layout)
    {
        using var picture = SKBitmap.Decode(path) ?? throw new InvalidDataException($"{path} is no picture that can be read.");
        var scale = Math.Min((float)layout.Width / picture.Width, (float)layout.Height / picture.Height);
        var (left, top) = ((layout.Width - (picture.Width * scale)) / 2, (layout.Height - (picture.Height * scale)) / 2);
        using var canvasBitmap = new SKBitmap(new SKImageInfo(layout.Width, layout.Height, SKColorType.Rgba8888));
        using (var canvas = new SKCanvas(canvasBitmap))
        using (var image = SKImage.FromBitmap(picture))
        {
            canvas.Clear(new SKColor(114, 114, 114));
            canvas.DrawImage(
                image,
                SKRect.Create(left, top, picture.Width * scale, picture.Height * scale),
                new SKSamplingOptions(SKFilterMode.Linear));
        }

        return new(layout, Planes(canvasBitmap.GetPixelSpan(), layout.Width * layout.Height),
        [
            .. annotations.Select(annotation => new TrainingBox(
                classes[annotation.CategoryId],
                ((float)annotation.Bbox[0] * scale) + left,
                ((float)annotation.Bbox[1] * scale) + top,
                (float)annotation.Bbox[2] * scale,
                (float)annotation.Bbox[3] * scale)),
        ]);
    }

    private static byte[] Planes(ReadOnlySpan<byte> rgba, int pixels)
    {
        var planes = new byte[3 * pixels];
        for (var i = 0; i < pixels; i++)
        {
            planes[i] = rgba[4 * i];
            planes[pixels + i] = rgba[(4 * i) + 1];
            planes[(2 * pixels) + i] = rgba[(4 * i) + 2];
        }

        return planes;
    }
}

/// <summary>A COCO data set file, as far as detection needs it.</summary>
public sealed record CocoFile(
    IReadOnlyList<CocoImage> Images, IReadOnlyList<CocoAnnotation> Annotations, IReadOnlyList<CocoCategory> Categories);

/// <summary>One picture.</summary>
public sealed record CocoImage(long Id, string FileName, int Width = 0, int Height = 0);

/// <summary>One object: its box is left, top, width, height in pixels of its picture.</summary>
public sealed record CocoAnnotation(long Id, long ImageId, long CategoryId, IReadOnlyList<double> Bbox, double Area = 0, int Iscrowd = 0);

/// <summary>One class.</summary>
public sealed record CocoCategory(long Id, string Name);
