using OrleansAiFleet.SampleData.Scenes;

using SkiaSharp;

namespace OrleansAiFleet.SampleData;

/// <summary>Renderings with their truth drawn in, for a person to look at.</summary>
internal static class Preview
{
    private const int Columns = 3;
    private const int Rows = 3;

    /// <summary>Writes <c>preview.png</c> and <c>clip.png</c>.</summary>
    public static async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await SheetAsync(Path.Combine(folder, "preview.png"), (bitmap, i) => StillScenes.Paint(bitmap, SampleBuild.TrainingSeed, i), cancellationToken);
        using var scene = new ClipScene(SampleBuild.ClipSeed, 640, 360, 20);
        await SheetAsync(Path.Combine(folder, "clip.png"), (bitmap, i) => scene.Paint(bitmap, i * 2.2f), cancellationToken);
    }

    private static async Task SheetAsync(
        string path, Func<SKBitmap, int, IReadOnlyList<LabelledObject>> paint, CancellationToken cancellationToken)
    {
        using var sheet = new SKBitmap(new SKImageInfo(640 * Columns, 360 * Rows, SKColorType.Rgba8888));
        using var canvas = new SKCanvas(sheet);
        using var bitmap = new SKBitmap(new SKImageInfo(640, 360, SKColorType.Rgba8888));
        for (var i = 0; i < Columns * Rows; i++)
        {
            var objects = paint(bitmap, i);
            canvas.Save();
            canvas.Translate(i % Columns * 640, i / Columns * 360);
            canvas.DrawBitmap(bitmap, 0, 0, new SKSamplingOptions(SKFilterMode.Nearest));
            foreach (var (kind, box) in objects)
            {
                using var line = new SKPaint { Style = SKPaintStyle.Stroke, Color = SKColor.FromHsv((int)kind * 60, 100, 100) };
                canvas.DrawRect(box, line);
            }

            canvas.Restore();
        }

        canvas.Flush();
        await using var file = File.Create(path);
        sheet.Encode(file, SKEncodedImageFormat.Png, 90);
        await file.FlushAsync(cancellationToken);
    }
}
