using System.Text.Json;

using SkiaSharp;

namespace OrleansAiFleet.Trainer.Training;

/// <summary>Reads a detection data set in COCO's form: one JSON file and a folder of pictures.</summary>
public static class TrainingSet
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Class names in the order of their category ids.</summary>
    /// <exception cref="InvalidDataException">The file is no COCO data set.</exception>
    public static async Task<CocoFile> ReadAsync(string annotations, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(annotations);
        try
        {
            return await JsonSerializer.DeserializeAsync<CocoFile>(stream, Json, cancellationToken)
                ?? throw new InvalidDataException($"{annotations} is empty.");
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException($"{annotations} is no COCO data set: {failure.Message}", failure);
        }
    }

    /// <summary>Decodes every picture, letterboxed into the network's size on grey.</summary>
    /// <exception cref="InvalidDataException">A picture cannot be read; the message names it.</exception>
    internal static IReadOnlyList<TrainingSample> Load(CocoFile set, string folder, DetectorLayout layout)
    {
        var classes = set.Categories.OrderBy(category => category.Id).Select((category, i) => (category.Id, i))
            .ToDictionary(pair => pair.Id, pair => pair.i);
        var boxes = set.Annotations.Where(annotation => annotation.Iscrowd == 0).ToLookup(annotation => annotation.ImageId);
        return [.. set.Images.Select(image => Load(Path.Combine(folder, image.FileName), boxes[image.Id], classes, layout))];
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
public sealed record CocoImage(long Id, string FileName, int Width, int Height);

/// <summary>One object: its box is left, top, width, height in pixels of its picture.</summary>
public sealed record CocoAnnotation(long Id, long ImageId, long CategoryId, IReadOnlyList<double> Bbox, double Area, int Iscrowd);

/// <summary>One class.</summary>
public sealed record CocoCategory(long Id, string Name);
