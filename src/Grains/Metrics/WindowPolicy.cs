using OrleansAiFleet.Fleet;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Metrics;

/// <summary>Computes the row of one window from its totals, and says when it closes. Pure.</summary>
internal static class WindowPolicy
{
    private const double BytesPerGigabyte = 1e9;
    private const double BytesPerMegabyte = 1e6;

    /// <summary>First instant at which the window may be closed.</summary>
    public static DateTimeOffset ClosesAt(WindowKey key, TimeSpan grace) => key.End + grace;

    /// <summary>
    /// The window's row. Rates are per elapsed time of the window: all of it once it ended, so far before. What cannot
    /// be known from a pipeline alone (accuracy, true and false positives, cost …) stays null.
    /// </summary>
    /// <param name="key">Which window.</param>
    /// <param name="totals">What was measured in it.</param>
    /// <param name="before">Its row so far, or null; a row that is closed stays closed.</param>
    /// <param name="close">Closes the row where it is open.</param>
    /// <param name="now">The time of calculation.</param>
    public static PerformanceMetrics Row(
        WindowKey key, WindowTotals totals, PerformanceMetrics? before, bool close, DateTimeOffset now)
    {
        now = now.Stored();
        var closedAt = before?.ClosedAt ?? (close ? now : null);
        var row = new PerformanceMetrics
        {
            Id = key.RowId,
            DeploymentId = key.DeploymentId,
            MetricTimestamp = key.Start,
            CollectionPeriodMinutes = (int)WindowKey.Length.TotalMinutes,
            CreatedAt = before?.CreatedAt ?? now,
            CalculatedAt = now,
            ClosedAt = closedAt,
        };
        row = WithDetections(row, totals, Elapsed(key, now));
        row = WithTimes(row, totals);
        row = WithResources(row, totals);
        row = WithErrors(row, totals);
        return WithFrames(row, totals);
    }

    private static PerformanceMetrics WithDetections(PerformanceMetrics row, WindowTotals totals, TimeSpan elapsed) => row with
    {
        TotalDetections = Count(totals.Detections),
        DetectionRatePerHour = Column(totals.Detections / elapsed.TotalHours, 8, 2),
        ConfidenceScoreAvg = Average(totals.ConfidenceSum, totals.Detections, 3, 2),
        ThroughputFps = Column(totals.FramesInferred / elapsed.TotalSeconds, 8, 2),
    };

    private static PerformanceMetrics WithTimes(PerformanceMetrics row, WindowTotals totals) => row with
    {
        InferenceTimeAvgMs = Column(totals.InferenceTime.Average, 8, 3),
        InferenceTimeP95Ms = Column(totals.InferenceTime.Quantile(0.95), 8, 3),
        LatencyP95Ms = Column(totals.Latency.Quantile(0.95), 8, 3),
        QueueTimeAvgMs = Average(totals.QueueMillisecondsSum, totals.FramesInferred, 8, 3),
        PreprocessTimeAvgMs = Average(totals.PreprocessMillisecondsSum, totals.FramesInferred, 8, 3),
        PostprocessTimeAvgMs = Average(totals.PostprocessMillisecondsSum, totals.FramesInferred, 8, 3),
    };

    private static PerformanceMetrics WithResources(PerformanceMetrics row, WindowTotals totals) => row with
    {
        CpuUtilizationAvg = Column(totals.CpuPercent.Average, 5, 2),
        CpuUtilizationMax = Column(totals.CpuPercent.Highest, 5, 2),
        GpuUtilizationAvg = Column(totals.GpuPercent.Average, 5, 2),
        GpuUtilizationMax = Column(totals.GpuPercent.Highest, 5, 2),
        MemoryUsageAvgGb = Column(totals.MemoryBytes.Average / BytesPerGigabyte, 8, 2),
        MemoryUsageMaxGb = Column(totals.MemoryBytes.Highest / BytesPerGigabyte, 8, 2),
        GpuMemoryUsageAvgGb = Column(totals.GpuMemoryBytes.Average / BytesPerGigabyte, 6, 2),
        GpuMemoryUsageMaxGb = Column(totals.GpuMemoryBytes.Highest / BytesPerGigabyte, 6, 2),
        DiskIoReadMb = Column(totals.DiskReadBytes / BytesPerMegabyte, 10, 2),
        DiskIoWriteMb = Column(totals.DiskWriteBytes / BytesPerMegabyte, 10, 2),
    };

    // Each error is one frame that was tried and not inferred: the rate is their share of all that were tried.
    private static PerformanceMetrics WithErrors(PerformanceMetrics row, WindowTotals totals)
    {
        var errors = totals.PreprocessingErrors + totals.InferenceErrors + totals.PostprocessingErrors
            + totals.TimeoutErrors + totals.MemoryErrors;
        return row with
        {
            TotalErrors = Count(errors),
            PreprocessingErrors = Count(totals.PreprocessingErrors),
            InferenceErrors = Count(totals.InferenceErrors),
            PostprocessingErrors = Count(totals.PostprocessingErrors),
            TimeoutErrors = Count(totals.TimeoutErrors),
            MemoryErrors = Count(totals.MemoryErrors),
            ErrorRatePercentage = Average(100.0 * errors, totals.FramesInferred + errors, 5, 2),
        };
    }

    private static PerformanceMetrics WithFrames(PerformanceMetrics row, WindowTotals totals)
    {
        long Skipped(SkipReason reason) => totals.FramesSkipped.ElementAtOrDefault((int)reason);

        return row with
        {
            FramesDecoded = totals.FramesDecoded,
            FramesInferred = totals.FramesInferred,
            FramesSkippedSampling = Skipped(SkipReason.Sampling),
            FramesSkippedNoMotion = Skipped(SkipReason.NoMotion),
            FramesSkippedSuperseded = Skipped(SkipReason.Superseded),
            FramesSkippedQueueFull = Skipped(SkipReason.QueueFull),
            FramesSkippedTimedOut = Skipped(SkipReason.TimedOut),
            FramesSkippedModelNotReady = Skipped(SkipReason.ModelNotReady),
            FramesSkippedFailed = Skipped(SkipReason.Failed),
            FramesSkippedStopped = Skipped(SkipReason.Stopped),

            // Before the window is closed they may still be in flight.
            FramesLost = row.ClosedAt is null
                ? 0
                : Math.Max(0, totals.FramesDecoded - totals.FramesInferred - totals.FramesSkipped.Sum()),
        };
    }

    // At least one second, so that a window's first instant gives no rate of thousands.
    private static TimeSpan Elapsed(WindowKey key, DateTimeOffset now)
    {
        var elapsed = (now < key.End ? now : key.End) - key.Start;
        return elapsed > TimeSpan.FromSeconds(1) ? elapsed : TimeSpan.FromSeconds(1);
    }

    private static int Count(long value) => (int)Math.Clamp(value, 0, int.MaxValue);

    private static decimal? Average(double sum, long count, int precision, int scale) =>
        count == 0 ? null : Column(sum / count, precision, scale);

    // Rounded to the column's scale and held within its precision: a value beyond it must not cost the whole row.
    private static decimal? Column(double? value, int precision, int scale)
    {
        if (value is not { } number || !double.IsFinite(number))
        {
            return null;
        }

        var limit = Math.Pow(10, precision - scale) - Math.Pow(10, -scale);
        return ((decimal)Math.Clamp(number, -limit, limit)).Rounded(scale);
    }
}
