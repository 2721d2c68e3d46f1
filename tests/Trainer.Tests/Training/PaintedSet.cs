using System.Text.Json;

using OrleansAiFleet.Trainer.Training;

using SkiaSharp;

namespace OrleansAiFleet.Trainer.Tests.Training;

/// <summary>A data set of painted rectangles in a folder that goes with the test.</summary>
internal sealed class PaintedSet : IDisposable
{
    public const int Width = 96;
    public const int Height = 64;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly string[] Names = ["red's", "green"];

    private readonly string _folder = Directory.CreateTempSubdirectory("painted-").FullName;

    public PaintedSet(int pictures = 8)
    {
        var random = new Random(7);
        var images = new List<CocoImage>();
        var annotations = new List<CocoAnnotation>();
        for (var i = 0; i < pictures; i++)
        {
            var kind = i % Names.Length;
            double[] box = [random.Next(0, 40), random.Next(0, 30), random.Next(12, 50), random.Next(12, 30)];
            images.Add(new(i, $"{i}.png", Width, Height));
            annotations.Add(new(i, i, CategoryOf(kind), box, box[2] * box[3]));
            Paint(PathOf($"{i}.png"), kind, box);
        }

        Write(new(images, annotations, [.. Names.Select((name, kind) => new CocoCategory(CategoryOf(kind), name))]));
    }

    public static IReadOnlyList<string> Classes => Names;

    public string Output => PathOf("models/detector.onnx");

    public string Annotations => PathOf("annotations.json");

    public TrainingSpec Spec => new()
    {
        Annotations = Annotations,
        Pictures = _folder,
        Output = Output,
        Width = Width,
        Height = Height,
        Epochs = 2,
        BatchSize = 4,

        // Threads that wait for each other on busy cores cost far more than they bring.
        Threads = 1,
    };

    public string PathOf(string name) => Path.Combine(_folder, name);

    public void Write(CocoFile set) => File.WriteAllText(Annotations, JsonSerializer.Serialize(set, Json));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Not the class ids: those count from 0 in the order of these.
    private static long CategoryOf(int kind) => 10 + (3 * kind);

    private static void Paint(string path, int kind, double[] box)
    {
        using var bitmap = new SKBitmap(Width, Height);
        using (var canvas = new SKCanvas(bitmap))
        using (var paint = new SKPaint { Color = kind == 0 ? SKColors.Red : SKColors.Green })
        {
            canvas.Clear(SKColors.LightGray);
            canvas.DrawRect((float)box[0], (float)box[1], (float)box[2], (float)box[3], paint);
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using var file = File.Create(path);
        data.SaveTo(file);
    }
}
