using SkiaSharp;

namespace OrleansAiFleet.SampleData.Scenes;

/// <summary>One site as a fixed camera sees it: people and machines come, work and go. Seeded; any moment can be painted.</summary>
internal sealed class ClipScene : IDisposable
{
    private readonly SKBitmap _background;
    private readonly IReadOnlyList<Func<float, ISceneActor>> _actors;

    /// <param name="seed">Same seed, same clip.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="seconds">Length; the end meets the beginning, so that the clip can be looped.</param>
    public ClipScene(int seed, int width, int height, float seconds)
    {
        (Width, Height) = (width, height);
        var random = new Random(seed);
        _background = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888));
        using var canvas = new SKCanvas(_background);
        var backdrop = new Backdrop(random, width, height);
        backdrop.Paint(canvas);
        canvas.Flush();
        _actors = [.. Workers(random, backdrop, seconds), Truck(random, backdrop, seconds), Excavator(random, backdrop, seconds)];
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Paints the scene at a moment.</summary>
    public IReadOnlyList<LabelledObject> Paint(SKBitmap bitmap, float second)
    {
        using var canvas = new SKCanvas(bitmap);
        canvas.DrawBitmap(_background, 0, 0, new SKSamplingOptions(SKFilterMode.Nearest));
        var objects = Scene.Paint(canvas, _actors.Select(actor => actor(second)), Width, Height);
        canvas.Flush();
        return objects;
    }

    public void Dispose() => _background.Dispose();

    // Each walks to and fro between two places at a walking pace; legs swing with the way walked.
    private IEnumerable<Func<float, ISceneActor>> Workers(Random random, Backdrop backdrop, float seconds)
    {
        for (var i = 0; i < 5; i++)
        {
            var feet = backdrop.Horizon + ((Height - backdrop.Horizon) * (0.3f + (0.14f * i)));
            var tall = Height * (0.24f + (0.38f * (feet - backdrop.Horizon) / (Height - backdrop.Horizon)));
            var person = Worker.Draw(random, 0, feet, tall) with { HasHelmet = i % 3 != 1, HasVest = i % 2 == 0 };
            var (from, to) = (random.NextSingle() * 0.35f * Width, (0.6f + (random.NextSingle() * 0.35f)) * Width);
            var rounds = random.Next(1, 3);
            var phase = random.NextSingle();
            yield return second => Walk(person, from, to, (second / seconds * rounds) + phase);
        }
    }

    private static Worker Walk(Worker person, float from, float to, float rounds)
    {
        var round = rounds - MathF.Floor(rounds);
        var there = round < 0.5f;
        var share = there ? round * 2 : 2 - (round * 2);
        var x = from + ((to - from) * share);
        return person with { X = x, Gait = x / (person.Height * 0.14f), Facing = there ? 1 : -1 };
    }

    private Func<float, ISceneActor> Truck(Random random, Backdrop backdrop, float seconds)
    {
        var ground = backdrop.Horizon + ((Height - backdrop.Horizon) * 0.42f);
        var truck = Vehicle.Draw(random, 0, ground, Height * 0.62f) with { Kind = VehicleKind.Truck, Facing = 1 };
        return second => truck with { X = (second / seconds * (Width + (2 * truck.Length))) - truck.Length };
    }

    private Func<float, ISceneActor> Excavator(Random random, Backdrop backdrop, float seconds)
    {
        var ground = backdrop.Horizon + ((Height - backdrop.Horizon) * 0.24f);
        var machine = Vehicle.Draw(random, Width * 0.74f, ground, Height * 0.5f) with { Kind = VehicleKind.Excavator, Facing = -1 };
        return second => machine with { Reach = 0.5f + (0.5f * MathF.Sin(second / seconds * 6 * MathF.Tau)) };
    }
}
