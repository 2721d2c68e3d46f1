using OrleansAiFleet.SampleData.Detections;
using OrleansAiFleet.SampleData.Scenes;

using SkiaSharp;

namespace OrleansAiFleet.SampleData;

/// <summary>A folder of rendered pictures with their truth.</summary>
/// <param name="Folder">Where the pictures lie.</param>
/// <param name="Annotations">COCO file.</param>
internal sealed record RenderedSet(string Folder, string Annotations)
{
    private const int Width = 640;
    private const int Height = 360;
    private const int JpegQuality = 80;

    /// <summary>Renders <paramref name="count"/> pictures of a series.</summary>
    public static async Task<RenderedSet> RenderAsync(string folder, int seed, int count, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var coco = new CocoBuilder();
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888));
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var objects = StillScenes.Paint(bitmap, seed, i);
            var name = $"{i:00000}.jpg";
            await using var file = File.Create(Path.Combine(folder, name));
            bitmap.Encode(file, SKEncodedImageFormat.Jpeg, JpegQuality);
            coco.Add(i, name, Width, Height, objects);
        }

        var set = new RenderedSet(folder, Path.Combine(folder, "annotations.json"));
        await coco.WriteAsync(set.Annotations, cancellationToken);
        return set;
    }
}
