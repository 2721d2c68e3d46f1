namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>Events a second over the last ten whole seconds. For one thread at a time.</summary>
internal sealed class RateWindow(TimeProvider time)
{
    private const int Seconds = 10;

    private readonly long _start = time.GetTimestamp();
    private readonly long[] _counts = new long[Seconds + 1];
    private long _second;

    public void Add(long events)
    {
        Advance();
        _counts[_second % _counts.Length] += events;
    }

    /// <summary>In the first second, what came so far.</summary>
    public double PerSecond()
    {
        Advance();
        var now = _counts[_second % _counts.Length];
        return _second == 0 ? now : (double)(_counts.Sum() - now) / Math.Min(Seconds, _second);
    }

    private void Advance()
    {
        var second = (long)time.GetElapsedTime(_start).TotalSeconds;
        for (var i = Math.Max(_second + 1, second - Seconds); i <= second; i++)
        {
            _counts[i % _counts.Length] = 0;
        }

        _second = second;
    }
}
