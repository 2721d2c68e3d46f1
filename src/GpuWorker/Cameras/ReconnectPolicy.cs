namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>How long to wait until the next try, and from when on silence is a stall. Pure.</summary>
internal static class ReconnectPolicy
{
    /// <summary>Frame intervals of silence that count as a stall.</summary>
    public const int StallIntervals = 20;

    /// <summary>A connection that delivered this long was a good one: the next loss starts at the shortest wait.</summary>
    public static readonly TimeSpan GoodConnection = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Exponential with full jitter over its upper half: cameras that were lost together do not come back together.
    /// </summary>
    /// <param name="failures">Tries that failed in a row, from 1.</param>
    /// <param name="jitter">Random, 0 to 1.</param>
    /// <param name="minimum">First wait.</param>
    /// <param name="maximum">Longest wait.</param>
    public static TimeSpan Delay(int failures, double jitter, TimeSpan minimum, TimeSpan maximum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var doubled = minimum.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 30));
        return TimeSpan.FromSeconds(Math.Min(doubled, Math.Max(maximum.TotalSeconds, minimum.TotalSeconds)) * (0.5 + (jitter / 2)));
    }

    /// <summary>Silence that counts as a stall.</summary>
    /// <param name="expectedFps">Frames a second that should be delivered, or 0 where nobody knows.</param>
    /// <param name="shortest">Never less than this.</param>
    public static TimeSpan StallAfter(double expectedFps, TimeSpan shortest)
    {
        var intervals = expectedFps > 0 ? TimeSpan.FromSeconds(Math.Min(StallIntervals / expectedFps, 86_400)) : TimeSpan.Zero;
        return intervals > shortest ? intervals : shortest;
    }
}
