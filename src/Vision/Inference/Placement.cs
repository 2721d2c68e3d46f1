namespace OrleansAiFleet.Vision.Inference;

/// <summary>Where a picture lies inside a model's input, in input pixels.</summary>
internal readonly record struct Placement(int Left, int Top, int Width, int Height)
{
    /// <summary>The way back from input pixels to the picture.</summary>
    public PictureTransform Transform => new(Left, Top, 1f / Width, 1f / Height);

    /// <summary>Places a picture of this size.</summary>
    /// <exception cref="ArgumentException">The input is smaller than two pixels on a side.</exception>
    public static Placement Of(int width, int height, InputSpec spec)
    {
        if (spec.Width < 2 || spec.Height < 2)
        {
            throw new ArgumentException($"A model's input of {spec.Width}x{spec.Height} holds no picture.", nameof(spec));
        }

        var (innerWidth, innerHeight) = spec.Resize == ResizeMode.Stretch
            ? (Even(spec.Width, spec.Width), Even(spec.Height, spec.Height))
            : Fitted(width, height, spec);
        return spec.Resize == ResizeMode.Letterbox
            ? new Placement((spec.Width - innerWidth) / 2, (spec.Height - innerHeight) / 2, innerWidth, innerHeight)
            : new Placement(0, 0, innerWidth, innerHeight);
    }

    private static (int Width, int Height) Fitted(int width, int height, InputSpec spec)
    {
        // The even part of the input: a picture that has its inner size already then keeps it.
        var factor = Math.Min((double)(spec.Width / 2 * 2) / width, (double)(spec.Height / 2 * 2) / height);
        return (Even(width * factor, spec.Width), Even(height * factor, spec.Height));
    }

    // Chroma has half the resolution: a picture of an odd side cannot be.
    private static int Even(double side, int most) =>
        Math.Clamp(2 * (int)Math.Round(side / 2, MidpointRounding.AwayFromZero), 2, most / 2 * 2);
}
