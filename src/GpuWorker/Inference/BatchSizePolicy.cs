namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>Chooses the batch limit from measured runs: the smallest whose throughput is as good as the best.</summary>
internal static class BatchSizePolicy
{
    /// <summary>A smaller batch answers sooner: it wins while it loses no more than this share of throughput.</summary>
    public const double Tolerance = 0.05;

    // Where a size falls this far behind the best, larger ones do not come back (caches are full): not measured.
    private const double HopelessShare = 0.7;

    /// <exception cref="ArgumentException">Nothing was measured.</exception>
    public static BatchTiming Choose(IReadOnlyList<BatchTiming> timings)
    {
        if (timings.Count == 0)
        {
            throw new ArgumentException("No batch size was measured.", nameof(timings));
        }

        var enough = timings.Max(timing => timing.FramesPerMillisecond) * (1 - Tolerance);
        return timings.Where(timing => timing.FramesPerMillisecond >= enough).MinBy(timing => timing.BatchSize)!;
    }

    /// <summary>Whether the next larger size is worth measuring.</summary>
    public static bool IsWorthGoingOn(IReadOnlyList<BatchTiming> timings) =>
        timings[^1].FramesPerMillisecond >= timings.Max(timing => timing.FramesPerMillisecond) * HopelessShare;
}

/// <summary>Median time of one run at a batch size.</summary>
internal sealed record BatchTiming(int BatchSize, double Milliseconds)
{
    public double FramesPerMillisecond => BatchSize / Milliseconds;
}
