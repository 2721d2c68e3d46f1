namespace OrleansAiFleet.Vision.Cameras;

/// <summary>What changed, counted.</summary>
/// <param name="Share">Changed share of the picture, 0 to 1.</param>
/// <param name="Areas">Connected areas above the minimum.</param>
internal readonly record struct AreaCount(double Share, int Areas);

/// <summary>Grows the changed pixels by one in all directions and finds what hangs together (corners touch).</summary>
internal sealed class ChangedAreas(int width, int height)
{
    private readonly byte[] _mask = new byte[width * height];
    private readonly byte[] _grown = new byte[width * height];
    private readonly int[] _open = new int[width * height];

    /// <summary>Pixels that changed, 1 or 0; to be written before <see cref="Find"/>.</summary>
    public Span<byte> Mask => _mask;

    /// <summary>Counts the areas of the mask.</summary>
    /// <param name="minimumShare">Share of the picture that an area must exceed.</param>
    public AreaCount Find(double minimumShare)
    {
        Grow();
        var (changed, areas) = (0, 0);
        for (var start = _grown.AsSpan().IndexOf((byte)1); start >= 0; start = NextAfter(start))
        {
            var size = Consume(start);
            changed += size;
            areas += size > minimumShare * _grown.Length ? 1 : 0;
        }

        return new AreaCount((double)changed / _grown.Length, areas);
    }

    private int NextAfter(int start)
    {
        var next = _grown.AsSpan(start).IndexOf((byte)1);
        return next < 0 ? next : start + next;
    }

    private void Grow()
    {
        _grown.AsSpan().Clear();
        for (var at = _mask.AsSpan().IndexOf((byte)1); at >= 0;)
        {
            var (left, right) = Around(at % width, width);
            var (top, bottom) = Around(at / width, height);
            for (var y = top; y <= bottom; y++)
            {
                _grown.AsSpan((y * width) + left, right - left + 1).Fill(1);
            }

            var next = _mask.AsSpan(at + 1).IndexOf((byte)1);
            at = next < 0 ? next : at + 1 + next;
        }
    }

    // Each pixel is cleared when it is put among the open ones, so none is there twice and they always fit.
    private int Consume(int start)
    {
        var (open, size) = (0, 0);
        _grown[start] = 0;
        _open[open++] = start;
        while (open > 0)
        {
            var at = _open[--open];
            size++;
            var (left, right) = Around(at % width, width);
            var (top, bottom) = Around(at / width, height);
            for (var y = top; y <= bottom; y++)
            {
                for (var x = left; x <= right; x++)
                {
                    if (_grown[(y * width) + x] != 0)
                    {
                        _grown[(y * width) + x] = 0;
                        _open[open++] = (y * width) + x;
                    }
                }
            }
        }

        return size;
    }

    private static (int First, int Last) Around(int position, int count) =>
        (Math.Max(position - 1, 0), Math.Min(position + 1, count - 1));
}
