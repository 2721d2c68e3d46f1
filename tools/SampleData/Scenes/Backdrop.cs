using SkiaSharp;

namespace OrleansAiFleet.SampleData.Scenes;

/// <summary>What a scene stands in front of: sky, ground, unfinished buildings, fences and clutter that is not labelled.</summary>
internal sealed class Backdrop(Random random, int width, int height)
{
    /// <summary>Where ground and sky meet, in pixels.</summary>
    public float Horizon { get; } = height * (0.25f + (random.NextSingle() * 0.25f));

    /// <summary>Paints it.</summary>
    public void Paint(SKCanvas canvas)
    {
        var sky = Grey(150, 235, 0, 25);
        using (var paint = Gradient(0, Horizon, sky, Lighter(sky, 20)))
        {
            canvas.DrawRect(0, 0, width, Horizon, paint);
        }

        var ground = new SKColor((byte)random.Next(95, 175), (byte)random.Next(85, 150), (byte)random.Next(60, 120));
        using (var paint = Gradient(Horizon, height, Lighter(ground, 15), ground))
        {
            canvas.DrawRect(0, Horizon, width, height - Horizon, paint);
        }

        Repeat(1, 4, () => PaintBuilding(canvas));
        Repeat(0, 2, () => PaintCrane(canvas));
        Repeat(0, 2, () => PaintFence(canvas));
        Repeat(10, 40, () => PaintPatch(canvas, ground));
        Repeat(0, 8, () => PaintClutter(canvas));
    }

    private void PaintBuilding(SKCanvas canvas)
    {
        var (x, wide) = (Next(-0.1f, 0.9f) * width, Next(0.12f, 0.4f) * width);
        var top = Horizon - (Next(0.3f, 1.1f) * Horizon);
        var concrete = Grey(90, 190, 0, 12);
        using var wall = Fill(concrete);
        using var gap = Fill(Lighter(concrete, -45));
        canvas.DrawRect(x, top, wide, Horizon - top + 2, wall);
        var (columns, rows) = (random.Next(2, 6), random.Next(2, 6));
        for (var i = 0; i < columns * rows; i++)
        {
            canvas.DrawRect(
                x + (wide * ((i % columns) + 0.2f) / columns),
                top + ((Horizon - top) * ((i / columns) + 0.25f) / rows),
                wide * 0.6f / columns,
                (Horizon - top) * 0.55f / rows,
                gap);
        }
    }

    private void PaintCrane(SKCanvas canvas)
    {
        using var steel = Stroke(new SKColor((byte)random.Next(180, 250), (byte)random.Next(120, 200), 40), Next(2, 5));
        var (x, top) = (Next(0.1f, 0.9f) * width, Next(0, 0.5f) * Horizon);
        canvas.DrawLine(x, Horizon, x, top, steel);
        canvas.DrawLine(x - (width * 0.08f), top + 4, x + (width * Next(0.1f, 0.3f)), top + 4, steel);
    }

    private void PaintFence(SKCanvas canvas)
    {
        using var wire = Stroke(Grey(110, 220, 0, 20), Next(1, 3));
        var (top, tall) = (Horizon + (Next(-0.02f, 0.1f) * height), Next(0.05f, 0.14f) * height);
        canvas.DrawLine(0, top, width, top, wire);
        for (var x = 0f; x < width; x += width / 26f)
        {
            canvas.DrawLine(x, top, x, top + tall, wire);
        }
    }

    private void PaintPatch(SKCanvas canvas, SKColor ground)
    {
        using var paint = Fill(Lighter(ground, random.Next(-30, 30)).WithAlpha((byte)random.Next(40, 160)));
        var y = Next(Horizon, height);
        canvas.DrawOval(Next(0, width), y, Next(0.01f, 0.12f) * width, Next(0.005f, 0.03f) * height, paint);
    }

    // Cones, drums, crates and planks: shapes and colours that must not be taken for helmets and vests.
    private void PaintClutter(SKCanvas canvas)
    {
        var (x, y) = (Next(0, width), Next(Horizon + 5, height));
        var size = height * 0.13f * (0.3f + ((y - Horizon) / height));
        using var paint = Fill(new SKColor((byte)random.Next(40, 255), (byte)random.Next(40, 220), (byte)random.Next(20, 200)));
        switch (random.Next(4))
        {
            case 0:
                using (var cone = new SKPathBuilder())
                {
                    paint.Color = new SKColor(250, (byte)random.Next(80, 130), 20);
                    cone.MoveTo(x, y - size);
                    cone.LineTo(x + (size * 0.35f), y);
                    cone.LineTo(x - (size * 0.35f), y);
                    cone.Close();
                    using var path = cone.Detach();
                    canvas.DrawPath(path, paint);
                }

                break;
            case 1:
                canvas.DrawRoundRect(x, y - (size * 1.2f), size * 0.7f, size * 1.2f, size * 0.1f, size * 0.1f, paint);
                break;
            case 2:
                canvas.DrawRect(x, y - (size * 0.7f), size * Next(0.7f, 2.2f), size * 0.7f, paint);
                break;
            default:
                canvas.DrawRect(x, y - (size * 0.15f), size * Next(1.5f, 4), size * 0.15f, paint);
                break;
        }
    }

    private void Repeat(int least, int most, Action paint)
    {
        for (var i = random.Next(least, most + 1); i > 0; i--)
        {
            paint();
        }
    }

    private float Next(float from, float to) => from + (random.NextSingle() * (to - from));

    private SKColor Grey(int from, int to, int tint, int spread)
    {
        var value = random.Next(from, to);
        return new(Byte(value - tint + random.Next(-spread, spread + 1)), Byte(value), Byte(value + random.Next(0, spread + 1)));
    }

    private static SKColor Lighter(SKColor colour, int by) =>
        new(Byte(colour.Red + by), Byte(colour.Green + by), Byte(colour.Blue + by));

    private static byte Byte(int value) => (byte)Math.Clamp(value, 0, 255);

    private static SKPaint Fill(SKColor colour) => new() { Color = colour, IsAntialias = true };

    private static SKPaint Stroke(SKColor colour, float width) =>
        new() { Color = colour, IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = width };

    private static SKPaint Gradient(float top, float bottom, SKColor above, SKColor below) => new()
    {
        Shader = SKShader.CreateLinearGradient(new(0, top), new(0, bottom), [above, below], SKShaderTileMode.Clamp),
    };
}
