using SkiaSharp;

namespace OrleansAiFleet.SampleData.Scenes;

/// <summary>A machine on the site.</summary>
internal sealed record Vehicle : ISceneActor
{
    private static readonly SKColor[] Colours =
        [new(235, 180, 20), new(225, 120, 25), new(200, 50, 40), new(60, 110, 170), new(220, 220, 215), new(80, 130, 70)];

    /// <summary>Which kind of machine.</summary>
    public required VehicleKind Kind { get; init; }

    /// <summary>Middle of its wheels.</summary>
    public required float X { get; init; }

    public required float Ground { get; init; }

    public required float Length { get; init; }

    /// <summary>1 looks right, -1 left.</summary>
    public int Facing { get; init; } = 1;

    public SKColor Colour { get; init; }

    /// <summary>Angle of an excavator's arm, 0 to 1.</summary>
    public float Reach { get; init; }

    public float Depth => Ground;

    /// <summary>A machine drawn by lot.</summary>
    public static Vehicle Draw(Random random, float x, float ground, float length) => new()
    {
        Kind = (VehicleKind)random.Next(3),
        X = x,
        Ground = ground,
        Length = length,
        Facing = random.Next(2) == 0 ? 1 : -1,
        Colour = Colours[random.Next(Colours.Length)],
        Reach = random.NextSingle(),
    };

    public IEnumerable<LabelledObject> Paint(SKCanvas canvas)
    {
        canvas.Save();
        canvas.Translate(X, Ground);
        canvas.Scale(Facing * Length, Length);
        var box = Kind switch
        {
            VehicleKind.Truck => PaintTruck(canvas),
            VehicleKind.Excavator => PaintExcavator(canvas),
            _ => PaintLoader(canvas),
        };
        canvas.Restore();
        var (left, right) = Facing > 0 ? (box.Left, box.Right) : (-box.Right, -box.Left);
        yield return new(
            SiteClass.Vehicle,
            new SKRect(X + (left * Length), Ground + (box.Top * Length), X + (right * Length), Ground + (box.Bottom * Length)));
    }

    // Drawn in units of the machine's length: x from -0.5 to 0.5, the ground at y = 0.
    private SKRect PaintTruck(SKCanvas canvas)
    {
        using var body = Fill(Colour);
        using var dark = Fill(new SKColor(55, 55, 60));
        using var glass = Fill(new SKColor(150, 190, 215));
        canvas.DrawRect(new SKRect(-0.48f, -0.16f, 0.48f, -0.09f), dark);
        using var tipper = Polygon((-0.5f, -0.4f), (0.16f, -0.4f), (0.12f, -0.16f), (-0.44f, -0.16f));
        canvas.DrawPath(tipper, body);
        canvas.DrawRoundRect(new SKRect(0.2f, -0.42f, 0.5f, -0.1f), 0.03f, 0.03f, body);
        canvas.DrawRect(new SKRect(0.34f, -0.38f, 0.49f, -0.26f), glass);
        Wheels(canvas, 0.085f, -0.34f, -0.14f, 0.34f);
        return new(-0.5f, -0.42f, 0.5f, 0);
    }

    private SKRect PaintExcavator(SKCanvas canvas)
    {
        using var body = Fill(Colour);
        using var dark = Fill(new SKColor(50, 50, 52));
        using var glass = Fill(new SKColor(150, 190, 215));
        using var arm = new SKPaint { Color = Colour, IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 0.06f, StrokeCap = SKStrokeCap.Round };
        canvas.DrawRoundRect(new SKRect(-0.42f, -0.14f, 0.18f, 0), 0.07f, 0.07f, dark);
        canvas.DrawRect(new SKRect(-0.42f, -0.34f, 0.02f, -0.15f), body);
        canvas.DrawRoundRect(new SKRect(-0.08f, -0.46f, 0.14f, -0.15f), 0.03f, 0.03f, body);
        canvas.DrawRect(new SKRect(0, -0.43f, 0.12f, -0.28f), glass);
        var elbow = new SKPoint(0.28f, -0.6f + (Reach * 0.18f));
        var wrist = new SKPoint(0.46f, -0.3f + (Reach * 0.12f));
        canvas.DrawLine(new SKPoint(0.1f, -0.24f), elbow, arm);
        canvas.DrawLine(elbow, wrist, arm);
        using var bucket = Polygon((wrist.X - 0.07f, wrist.Y), (wrist.X + 0.05f, wrist.Y), (wrist.X + 0.03f, wrist.Y + 0.12f), (wrist.X - 0.08f, wrist.Y + 0.1f));
        canvas.DrawPath(bucket, dark);
        return new(-0.42f, Math.Min(elbow.Y - 0.03f, -0.46f), 0.51f, 0);
    }

    private SKRect PaintLoader(SKCanvas canvas)
    {
        using var body = Fill(Colour);
        using var dark = Fill(new SKColor(50, 50, 52));
        using var glass = Fill(new SKColor(150, 190, 215));
        canvas.DrawRect(new SKRect(-0.46f, -0.34f, 0.1f, -0.12f), body);
        canvas.DrawRoundRect(new SKRect(-0.2f, -0.54f, 0.08f, -0.3f), 0.02f, 0.02f, body);
        canvas.DrawRect(new SKRect(-0.17f, -0.51f, 0.05f, -0.36f), glass);
        using var blade = Polygon((0.28f, -0.26f), (0.36f, -0.26f), (0.5f, 0), (0.26f, 0));
        canvas.DrawRect(new SKRect(0.08f, -0.2f, 0.32f, -0.13f), dark);
        canvas.DrawPath(blade, dark);
        Wheels(canvas, 0.13f, -0.3f, 0.08f);
        return new(-0.46f, -0.54f, 0.5f, 0);
    }

    private static void Wheels(SKCanvas canvas, float radius, params float[] positions)
    {
        using var tyre = Fill(new SKColor(30, 30, 32));
        using var rim = Fill(new SKColor(130, 130, 130));
        foreach (var x in positions)
        {
            canvas.DrawCircle(x, -radius, radius, tyre);
            canvas.DrawCircle(x, -radius, radius * 0.45f, rim);
        }
    }

    private static SKPath Polygon(params (float X, float Y)[] corners)
    {
        using var builder = new SKPathBuilder();
        builder.MoveTo(corners[0].X, corners[0].Y);
        foreach (var (x, y) in corners[1..])
        {
            builder.LineTo(x, y);
        }

        builder.Close();
        return builder.Detach();
    }

    private static SKPaint Fill(SKColor colour) => new() { Color = colour, IsAntialias = true };
}

/// <summary>Kinds of machines.</summary>
internal enum VehicleKind
{
    Truck,
    Excavator,
    Loader,
}
