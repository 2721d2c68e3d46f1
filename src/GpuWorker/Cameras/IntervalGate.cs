using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>
/// Which frames of a camera are due where a deployment wants one in so many seconds: the first frame, and then one for every step
/// of a grid of time, so that the rate is kept on average whatever the frames' distance. A frame that comes a little before its
/// step is taken for it: a camera that sends just as often as is wanted loses none.
/// </summary>
internal sealed class IntervalGate(TimeSpan interval)
{
    // Of the interval: more than the jitter of a camera.
    private const double Jitter = 0.1;

    private TimeSpan _last = TimeSpan.MinValue;
    private TimeSpan _next = TimeSpan.MinValue;
    private long _askedFor = -1;
    private bool _isDue;

    /// <summary>Whether the model is to see the frame. Asked again for the same frame, it says the same. Frames come in their order.</summary>
    public bool IsDue(VideoFrame frame)
    {
        if (interval == TimeSpan.Zero)
        {
            return true;
        }

        if (frame.Number != _askedFor)
        {
            // Where a recording is read faster than it was made, its own time counts.
            (_askedFor, _isDue) = (frame.Number, Take(frame.PlayTime ?? new TimeSpan(frame.Time.UtcTicks)));
        }

        return _isDue;
    }

    private bool Take(TimeSpan at)
    {
        var isFirst = at < _last || _next == TimeSpan.MinValue;

        // Where frames are closer than that, the one that is nearest to the step.
        var early = isFirst ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min((at - _last).Ticks / 2, (interval * Jitter).Ticks));
        _last = at;
        if (!isFirst && at < _next - early)
        {
            return false;
        }

        // After a gap the grid begins anew: what was missed is not made up for.
        _next = isFirst || at >= _next + (interval / 2) ? at + interval : _next + interval;
        return true;
    }
}
