using SkiaSharp;

namespace OrleansAiFleet.SampleData.Scenes;

/// <summary>A person on the site. Position is where the feet stand; everything else scales with the height.</summary>
internal sealed record Worker : ISceneActor
{
    private static readonly SKColor[] HelmetColours =
        [new(250, 205, 20), new(245, 245, 240), new(240, 120, 20), new(30, 90, 200), new(210, 35, 30), new(40, 150, 70)];

    private static readonly SKColor[] VestColours = [new(255, 110, 10), new(215, 240, 20), new(255, 90, 40), new(190, 230, 60)];

    private static readonly SKColor[] Clothes =
        [new(50, 60, 90), new(70, 70, 75), new(110, 90, 70), new(140, 140, 150), new(45, 80, 60), new(120, 40, 45), new(30, 30, 35)];

    private static readonly SKColor[] Skins = [new(240, 200, 170), new(200, 150, 115), new(140, 95, 65), new(90, 60, 45)];

    private static readonly SKColor[] Hair = [new(30, 25, 20), new(90, 60, 35), new(160, 120, 70), new(110, 110, 110)];

    public required float X { get; init; }

    public required float Feet { get; init; }

    public required float Height { get; init; }

    public required bool HasHelmet { get; init; }

    public required bool HasVest { get; init; }

    /// <summary>Where in a step the legs are, in radians.</summary>
    public float Gait { get; init; }

    /// <summary>1 looks right, -1 left.</summary>
    public int Facing { get; init; } = 1;

    /// <summary>Body against height.</summary>
    public float Build { get; init; } = 1;

    public SKColor HelmetColour { get; init; }

    public SKColor VestColour { get; init; }

    public SKColor Shirt { get; init; }

    public SKColor Trousers { get; init; }

    public SKColor Skin { get; init; }

    public SKColor HairColour { get; init; }

    public float Depth => Feet;

    /// <summary>A person drawn by lot.</summary>
    public static Worker Draw(Random random, float x, float feet, float height) => new()
    {
        X = x,
        Feet = feet,
        Height = height,
        HasHelmet = random.NextDouble() < 0.6,
        HasVest = random.NextDouble() < 0.6,
        Gait = (float)(random.NextDouble() * Math.Tau),
        Facing = random.Next(2) == 0 ? 1 : -1,
        Build = 0.85f + (random.NextSingle() * 0.35f),
        HelmetColour = Pick(random, HelmetColours),
        VestColour = Pick(random, VestColours),
        Shirt = Pick(random, Clothes),
        Trousers = Pick(random, Clothes),
        Skin = Pick(random, Skins),
        HairColour = Pick(random, Hair),
    };

    public IEnumerable<LabelledObject> Paint(SKCanvas canvas)
    {
        var (head, torso) = (Head, Torso);
        PaintLegs(canvas, torso);
        PaintArm(canvas, torso, -0.9f);
        PaintTorso(canvas, torso);
        PaintArm(canvas, torso, 0.9f);
        PaintHead(canvas, head);
        var step = Height * 0.11f * MathF.Abs(MathF.Sin(Gait));
        var side = (torso.Width / 2) + Math.Max(Height * 0.05f, step);
        var top = HasHelmet ? head.Top - (head.Height * 0.12f) : head.Top;
        yield return new(SiteClass.Worker, new SKRect(X - side, top, X + side, Feet));
        yield return new(HasHelmet ? SiteClass.Helmet : SiteClass.NoHelmet, Grown(head, top));
        yield return new(HasVest ? SiteClass.Vest : SiteClass.NoVest, torso);
    }

    private SKRect Head
    {
        get
        {
            var (width, height) = (Height * 0.12f, Height * 0.145f);
            return SKRect.Create(X - (width / 2) + (Facing * Height * 0.01f), Feet - Height, width, height);
        }
    }

    private SKRect Torso
    {
        get
        {
            var width = Height * 0.25f * Build;
            return SKRect.Create(X - (width / 2), Feet - (Height * 0.845f), width, Height * 0.36f);
        }
    }

    private static SKRect Grown(SKRect head, float top) =>
        new(head.Left - (head.Width * 0.08f), top, head.Right + (head.Width * 0.08f), head.Bottom);

    private void PaintLegs(SKCanvas canvas, SKRect torso)
    {
        using var trousers = Stroke(Trousers, Height * 0.105f * Build);
        using var boots = Stroke(new SKColor(60, 45, 30), Height * 0.06f);
        var hip = torso.Bottom - (Height * 0.03f);
        foreach (var swing in (float[])[MathF.Sin(Gait), -MathF.Sin(Gait)])
        {
            var foot = X + (swing * Height * 0.11f);
            var knee = new SKPoint(X + (swing * Height * 0.07f) + (Facing * Height * 0.015f), (hip + Feet) / 2);
            canvas.DrawLine(X + (swing * Height * 0.02f), hip, knee.X, knee.Y, trousers);
            canvas.DrawLine(knee.X, knee.Y, foot, Feet - (Height * 0.05f), trousers);
            canvas.DrawLine(foot - (Height * 0.01f * Facing), Feet - (Height * 0.03f), foot + (Height * 0.045f * Facing), Feet - (Height * 0.03f), boots);
        }
    }

    private void PaintTorso(SKCanvas canvas, SKRect torso)
    {
        using var cloth = Fill(HasVest ? VestColour : Shirt);
        canvas.DrawRoundRect(torso, torso.Width * 0.22f, torso.Width * 0.2f, cloth);
        if (!HasVest)
        {
            return;
        }

        using var stripe = Fill(new SKColor(235, 235, 225));
        canvas.DrawRect(SKRect.Create(torso.Left, torso.Top + (torso.Height * 0.55f), torso.Width, torso.Height * 0.1f), stripe);
        canvas.DrawRect(SKRect.Create(torso.Left, torso.Top + (torso.Height * 0.78f), torso.Width, torso.Height * 0.09f), stripe);
        canvas.DrawRect(SKRect.Create(torso.Left + (torso.Width * 0.2f), torso.Top, torso.Width * 0.1f, torso.Height * 0.55f), stripe);
        canvas.DrawRect(SKRect.Create(torso.Left + (torso.Width * 0.7f), torso.Top, torso.Width * 0.1f, torso.Height * 0.55f), stripe);
    }

    private void PaintArm(SKCanvas canvas, SKRect torso, float side)
    {
        using var sleeve = Stroke(Shirt, Height * 0.065f * Build);
        using var hand = Fill(Skin);
        var shoulder = new SKPoint(X + (side * torso.Width * 0.48f), torso.Top + (Height * 0.05f));
        var swing = MathF.Sin(Gait + (side > 0 ? MathF.PI : 0)) * Height * 0.07f;
        var wrist = new SKPoint(shoulder.X + swing, shoulder.Y + (Height * 0.3f));
        canvas.DrawLine(shoulder, wrist, sleeve);
        canvas.DrawCircle(wrist, Height * 0.028f, hand);
    }

    private void PaintHead(SKCanvas canvas, SKRect head)
    {
        using var face = Fill(Skin);
        using var hair = Fill(HairColour);
        canvas.DrawOval(head, face);
        if (!HasHelmet)
        {
            canvas.Save();
            canvas.ClipRect(new SKRect(head.Left - 1, head.Top - 1, head.Right + 1, head.Top + (head.Height * 0.42f)));
            canvas.DrawOval(SKRect.Inflate(head, head.Width * 0.03f, head.Width * 0.02f), hair);
            canvas.Restore();
            return;
        }

        using var shell = Fill(HelmetColour);
        using var edge = Fill(Darker(HelmetColour));
        var dome = new SKRect(
            head.Left - (head.Width * 0.06f), head.Top - (head.Height * 0.12f), head.Right + (head.Width * 0.06f), head.Bottom);
        canvas.Save();
        canvas.ClipRect(new SKRect(dome.Left - 2, dome.Top - 2, dome.Right + 2, head.Top + (head.Height * 0.45f)));
        canvas.DrawOval(dome, shell);
        canvas.Restore();
        var brim = Facing > 0 ? dome.Left : dome.Left - (head.Width * 0.14f);
        canvas.DrawRect(SKRect.Create(brim, head.Top + (head.Height * 0.4f), dome.Width + (head.Width * 0.14f), head.Height * 0.09f), edge);
    }

    private static SKColor Darker(SKColor colour) =>
        new((byte)(colour.Red * 0.8f), (byte)(colour.Green * 0.8f), (byte)(colour.Blue * 0.8f));

    private static SKPaint Fill(SKColor colour) => new() { Color = colour, IsAntialias = true };

    private static SKPaint Stroke(SKColor colour, float width) => new()
    {
        Color = colour,
        IsAntialias = true,
        Style = SKPaintStyle.Stroke,
        StrokeWidth = width,
        StrokeCap = SKStrokeCap.Round,
    };

    private static SKColor Pick(Random random, SKColor[] colours) => colours[random.Next(colours.Length)];
}
