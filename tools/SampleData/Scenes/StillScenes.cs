using SkiaSharp;

namespace OrleansAiFleet.SampleData.Scenes;

/// <summary>Single pictures drawn by lot: every one another site, another light, other people. Seeded.</summary>
internal static class StillScenes
{
    /// <summary>Paints picture <paramref name="number"/> of a series.</summary>
    public static IReadOnlyList<LabelledObject> Paint(SKBitmap bitmap, int seed, int number)
    {
        var random = new Random((int)(((long)seed * 1_000_003) + number));
        using var canvas = new SKCanvas(bitmap);
        var backdrop = new Backdrop(random, bitmap.Width, bitmap.Height);
        backdrop.Paint(canvas);
        var objects = Scene.Paint(canvas, Actors(random, backdrop, bitmap.Width, bitmap.Height), bitmap.Width, bitmap.Height);
        PaintHaze(canvas, random, bitmap.Width, bitmap.Height);
        canvas.Flush();
        Grain(bitmap, random);
        return objects;
    }

    private static List<ISceneActor> Actors(Random random, Backdrop backdrop, int width, int height)
    {
        var actors = new List<ISceneActor>();
        for (var i = random.Next(0, 3); i > 0; i--)
        {
            var ground = Ground();
            actors.Add(Vehicle.Draw(random, random.NextSingle() * width, ground, Size(ground) * (1.3f + random.NextSingle())));
        }

        for (var i = random.Next(0, 6); i > 0; i--)
        {
            var ground = Ground();
            actors.Add(Worker.Draw(random, random.NextSingle() * width, ground, Size(ground) * (0.85f + (random.NextSingle() * 0.3f))));
        }

        return actors;

        float Ground() => backdrop.Horizon + (height * 0.12f) + (random.NextSingle() * (height - backdrop.Horizon - (height * 0.1f)));

        // Nearer is larger: perspective over a flat ground.
        float Size(float ground) => height * (0.22f + (0.42f * (ground - backdrop.Horizon) / (height - backdrop.Horizon)));
    }

    private static void PaintHaze(SKCanvas canvas, Random random, int width, int height)
    {
        using var haze = new SKPaint { Color = new SKColor(200, 200, 195, (byte)random.Next(0, 60)) };
        canvas.DrawRect(0, 0, width, height, haze);
        using var shade = new SKPaint { Color = new SKColor(10, 10, 25, (byte)random.Next(0, 70)) };
        canvas.DrawRect(0, 0, width, height, shade);
    }

    // A sensor's noise.
    private static unsafe void Grain(SKBitmap bitmap, Random random)
    {
        var strength = random.Next(0, 14);
        if (strength == 0)
        {
            return;
        }

        var pixels = new Span<byte>((void*)bitmap.GetPixels(), bitmap.ByteCount);
        for (var i = 0; i < pixels.Length; i++)
        {
            if ((i & 3) != 3)
            {
                pixels[i] = (byte)Math.Clamp(pixels[i] + random.Next(-strength, strength + 1), 0, 255);
            }
        }
    }
}
