namespace OrleansAiFleet.Rollouts.Analysis;

/// <summary>
/// Takes one metric from measurement to measurement to its end, in the order of Argo Rollouts (<c>analysis/analysis.go</c>,
/// <c>assessMetricStatus</c>), with two of its flaws mended: a limit is what is documented (the metric ends when more than
/// so many were bad), and a metric that was measured and never successful does not end successful. Pure.
/// </summary>
internal static class MetricMachine
{
    /// <summary>Measurements kept.</summary>
    public const int Retention = 10;

    /// <summary>What could not be measured is tried again after this and not after the metric's interval.</summary>
    public static TimeSpan ErrorRetry { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Nothing comes after it.</summary>
    public static bool HasEnded(AnalysisPhase phase) => phase is not (AnalysisPhase.Pending or AnalysisPhase.Running);

    /// <summary>The metric before its first measurement.</summary>
    public static MetricResult Start(AnalysisMetric metric, DateTimeOffset started) => new()
    {
        Name = metric.Name,
        DryRun = metric.DryRun,
        NextDue = started.AddSeconds(metric.InitialDelaySeconds),
    };

    /// <summary>With one measurement more. A metric that ended stays as it is.</summary>
    public static MetricResult Take(AnalysisMetric metric, MetricResult before, Measurement measurement)
    {
        if (HasEnded(before.Phase))
        {
            return before;
        }

        var counted = Counted(before, measurement);
        var verdict = Assess(metric, counted);
        return verdict is null
            ? counted with { Phase = AnalysisPhase.Running, NextDue = NextDue(metric, measurement) }
            : Ended(counted, verdict with { Reason = $"{verdict.Reason}: {measurement.Message}" });
    }

    /// <summary>Ends it as it stands: nothing more is measured.</summary>
    /// <param name="before">The metric; one that ended stays as it is.</param>
    /// <param name="why">The reason, as the beginning of a sentence.</param>
    public static MetricResult Terminate(MetricResult before, string why)
    {
        if (HasEnded(before.Phase))
        {
            return before;
        }

        return before.Count + before.Error == 0
            ? Ended(before, new(AnalysisPhase.Successful, $"{why} before the first measurement"))
            : Ended(before, Successful(before, why));
    }

    private static MetricResult Counted(MetricResult before, Measurement measurement)
    {
        var phase = measurement.Phase;
        if (!HasEnded(phase))
        {
            throw new ArgumentException($"A measurement cannot be {phase}.", nameof(measurement));
        }

        return before with
        {
            Measurements = [.. before.Measurements.Append(measurement).TakeLast(Retention)],
            Count = before.Count + One(phase != AnalysisPhase.Error),
            Successful = before.Successful + One(phase == AnalysisPhase.Successful),
            Failed = before.Failed + One(phase == AnalysisPhase.Failed),
            Inconclusive = before.Inconclusive + One(phase == AnalysisPhase.Inconclusive),
            Error = before.Error + One(phase == AnalysisPhase.Error),
            ConsecutiveError = phase == AnalysisPhase.Error ? before.ConsecutiveError + 1 : 0,
            ConsecutiveSuccess = phase == AnalysisPhase.Successful ? before.ConsecutiveSuccess + 1 : 0,
        };

        static int One(bool counts) => counts ? 1 : 0;
    }

    // Whichever limit stands later in Argo's code has the last word: errors, then inconclusive ones, then failures.
    private static MetricVerdict? Assess(AnalysisMetric metric, MetricResult result)
    {
        if (result.ConsecutiveError > metric.ConsecutiveErrorLimit)
        {
            return new(
                AnalysisPhase.Error, Above("consecutiveErrors", result.ConsecutiveError, "consecutiveErrorLimit", metric.ConsecutiveErrorLimit));
        }

        if (result.Inconclusive > metric.InconclusiveLimit)
        {
            return new(AnalysisPhase.Inconclusive, Above("inconclusive", result.Inconclusive, "inconclusiveLimit", metric.InconclusiveLimit));
        }

        if (metric.FailureLimit >= 0 && result.Failed > metric.FailureLimit)
        {
            return new(AnalysisPhase.Failed, Above("failed", result.Failed, "failureLimit", metric.FailureLimit));
        }

        if (metric.ConsecutiveSuccessLimit > 0 && result.ConsecutiveSuccess >= metric.ConsecutiveSuccessLimit)
        {
            return new(
                AnalysisPhase.Successful,
                $"consecutiveSuccesses ({result.ConsecutiveSuccess}) reached consecutiveSuccessLimit ({metric.ConsecutiveSuccessLimit})");
        }

        var count = metric.Count ?? (metric.IntervalSeconds is null ? 1 : int.MaxValue);
        return result.Count >= count ? AtCount(metric, result) : null;
    }

    private static MetricVerdict AtCount(AnalysisMetric metric, MetricResult result)
    {
        var reached = $"count ({result.Count}) reached";
        if (metric.ConsecutiveSuccessLimit == 0)
        {
            return Successful(result, reached);
        }

        return new(
            metric.FailureLimit >= 0 ? AnalysisPhase.Inconclusive : AnalysisPhase.Failed,
            $"{reached} without {metric.ConsecutiveSuccessLimit} successes in a row");
    }

    private static MetricVerdict Successful(MetricResult result, string why) => result.Successful > 0
        ? new(AnalysisPhase.Successful, $"{why}, {result.Successful} successful and {result.Failed} failed")
        : new(AnalysisPhase.Inconclusive, $"{why} without a successful measurement");

    private static string Above(string counter, int value, string limit, int most) => $"{counter} ({value}) > {limit} ({most})";

    private static MetricResult Ended(MetricResult result, MetricVerdict verdict) =>
        result with { Phase = verdict.Phase, Message = verdict.Reason, NextDue = null };

    private static DateTimeOffset NextDue(AnalysisMetric metric, Measurement measurement) =>
        measurement.Phase == AnalysisPhase.Error || metric.IntervalSeconds is not { } seconds
            ? measurement.Finished + ErrorRetry
            : measurement.Finished.AddSeconds(seconds);
}

/// <summary>How a metric ends and why.</summary>
internal sealed record MetricVerdict(AnalysisPhase Phase, string Reason);
