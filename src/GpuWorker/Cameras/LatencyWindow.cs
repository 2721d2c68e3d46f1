using OrleansAiFleet.Metrics;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>Durations of the last minute, in six slices of ten seconds. For one thread at a time.</summary>
internal sealed class LatencyWindow(TimeProvider time)
{
    private const int Slices = 6;
    private const int SliceSeconds = 10;

    private readonly long _start = time.GetTimestamp();
    private readonly LatencyRecorder[] _slices = [.. Enumerable.Range(0, Slices).Select(_ => new LatencyRecorder())];
    private long _slice;

    public void Record(double milliseconds)
    {
        Advance();
        _slices[_slice % Slices].Record(milliseconds);
    }

    public LatencySketch ToSketch()
    {
        Advance();
        return _slices.Aggregate(LatencySketch.Empty, (sum, slice) => sum + slice.ToSketch());
    }

    private void Advance()
    {
        var slice = (long)(time.GetElapsedTime(_start).TotalSeconds / SliceSeconds);
        for (var i = Math.Max(_slice + 1, slice - Slices + 1); i <= slice; i++)
        {
            _slices[i % Slices].Clear();
        }

        _slice = slice;
    }
}
