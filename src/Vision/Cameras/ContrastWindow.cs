namespace OrleansAiFleet.Vision.Cameras;

/// <summary>
/// The range of luma that a camera's pictures use: the 4th and the 96th percentile, averaged over the last 50 pictures.
/// Stretched to the full 256 levels, at most fourfold.
/// </summary>
internal sealed class ContrastWindow
{
    private const int Pictures = 50;
    private const double LowShare = 0.04;
    private const double HighShare = 0.96;

    // A quarter of all levels. Less would turn the noise of a dim or foggy picture into motion.
    private const double NarrowestRange = 63.75;

    private readonly (byte Low, byte High)[] _window = new (byte, byte)[Pictures];
    private readonly int[] _histogram = new int[256];
    private int _next;
    private int _lowSum;
    private int _highSum;

    /// <summary>What a difference of luma is multiplied by when the range is stretched, 1 to 4.</summary>
    public float Gain { get; private set; } = 1;

    /// <summary>Takes this picture for all of the past.</summary>
    public void Restart(ReadOnlySpan<byte> pixels)
    {
        var range = Percentiles(pixels);
        Array.Fill(_window, range);
        (_lowSum, _highSum) = (range.Low * Pictures, range.High * Pictures);
        Settle();
    }

    /// <summary>Adds a picture and drops the oldest.</summary>
    public void Add(ReadOnlySpan<byte> pixels)
    {
        var range = Percentiles(pixels);
        _lowSum += range.Low - _window[_next].Low;
        _highSum += range.High - _window[_next].High;
        _window[_next] = range;
        _next = (_next + 1) % Pictures;
        Settle();
    }

    private void Settle() =>
        Gain = (float)(255 / Math.Max(NarrowestRange, (double)(_highSum - _lowSum) / Pictures));

    private (byte Low, byte High) Percentiles(ReadOnlySpan<byte> pixels)
    {
        _histogram.AsSpan().Clear();
        foreach (var pixel in pixels)
        {
            _histogram[pixel]++;
        }

        return (LevelAt(pixels.Length * LowShare), LevelAt(pixels.Length * HighShare));
    }

    private byte LevelAt(double count)
    {
        var level = 0;
        for (var seen = _histogram[0]; seen < count && level < 255; seen += _histogram[level])
        {
            level++;
        }

        return (byte)level;
    }
}
