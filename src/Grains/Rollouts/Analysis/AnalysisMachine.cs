namespace OrleansAiFleet.Rollouts.Analysis;

/// <summary>
/// Takes an analysis from its start to its decision: when to measure what, and what the measurements come to. It ends as
/// soon as one metric ends badly or all ended well; metrics that only look on never make it end or go on. Pure.
/// </summary>
internal static class AnalysisMachine
{
    // From best to worst; the worst of the metrics is the analysis'.
    private static readonly AnalysisPhase[] Order =
    [
        AnalysisPhase.Successful, AnalysisPhase.Running, AnalysisPhase.Pending,
        AnalysisPhase.Inconclusive, AnalysisPhase.Error, AnalysisPhase.Failed,
    ];

    /// <summary>The analysis before its first measurement.</summary>
    /// <param name="metrics">Metrics that <see cref="AnalysisCheck"/> let pass.</param>
    /// <param name="now">The time.</param>
    public static AnalysisRun Start(IReadOnlyList<AnalysisMetric> metrics, DateTimeOffset now) => Assessed(
        new()
        {
            Started = now,
            Metrics = [.. metrics],
            Results = [.. metrics.Select(metric => MetricMachine.Start(metric, now))],
        },
        now);

    /// <summary>When something is to be measured next; null once it ended.</summary>
    public static DateTimeOffset? NextDue(AnalysisRun run) => run.Results.Min(result => result.NextDue);

    /// <summary>What is to be measured now.</summary>
    public static IReadOnlyList<AnalysisMetric> Due(AnalysisRun run, DateTimeOffset now) =>
        [.. run.Metrics.Where((_, i) => IsDue(run.Results[i], now))];

    /// <summary>The worst of several phases; successful where there is none.</summary>
    public static AnalysisPhase Worst(IEnumerable<AnalysisPhase> phases) =>
        Order[phases.Select(phase => Array.IndexOf(Order, phase)).DefaultIfEmpty(0).Max()];

    /// <summary>
    /// With what was measured. What is not due is not taken, so that the same measurement never counts twice; all of one
    /// call is taken before it is asked whether the analysis ends.
    /// </summary>
    /// <param name="run">The analysis; one that ended stays as it is.</param>
    /// <param name="observed">By the metric's name.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentException">It has no metric of such a name.</exception>
    public static AnalysisRun Take(AnalysisRun run, IReadOnlyDictionary<string, AnalysisObservation> observed, DateTimeOffset now)
    {
        if (observed.Keys.FirstOrDefault(name => !run.Metrics.Any(metric => metric.Name == name)) is { } unknown)
        {
            throw new ArgumentException($"The analysis has no metric '{unknown}'.", nameof(observed));
        }

        if (MetricMachine.HasEnded(run.Phase))
        {
            return run;
        }

        var results = run.Results.Select((result, i) =>
            IsDue(result, now) && observed.TryGetValue(result.Name, out var observation)
                ? MetricMachine.Take(run.Metrics[i], result, MeasurementJudge.Judge(run.Metrics[i], observation, now))
                : result);
        return Assessed(run with { Results = [.. results] }, now);
    }

    /// <summary>Ends it as it stands: whoever asked for it needs it no longer.</summary>
    /// <param name="run">The analysis; one that ended stays as it is.</param>
    /// <param name="why">The reason, as the beginning of a sentence: <c>the rollout moved on</c>.</param>
    /// <param name="now">The time.</param>
    public static AnalysisRun Stop(AnalysisRun run, string why, DateTimeOffset now) =>
        MetricMachine.HasEnded(run.Phase) ? run : Ended(run, why, now);

    private static bool IsDue(MetricResult result, DateTimeOffset now) => result.NextDue <= now;

    private static bool IsBad(MetricResult result) =>
        result.Phase is AnalysisPhase.Failed or AnalysisPhase.Error or AnalysisPhase.Inconclusive;

    private static AnalysisRun Assessed(AnalysisRun run, DateTimeOffset now)
    {
        if (Deciding(run).FirstOrDefault(IsBad) is { } bad)
        {
            return Ended(run, $"ended with '{bad.Name}'", now);
        }

        // Where all metrics only look on, the analysis lasts as long as they do.
        var awaited = Deciding(run).Any() ? Deciding(run) : run.Results;
        return awaited.All(result => MetricMachine.HasEnded(result.Phase))
            ? Ended(run, "all metrics ended", now)
            : Summarised(run with
            {
                Phase = awaited.All(result => result.Phase == AnalysisPhase.Pending) ? AnalysisPhase.Pending : AnalysisPhase.Running,
            });
    }

    private static AnalysisRun Ended(AnalysisRun run, string why, DateTimeOffset now)
    {
        var ended = run with { Results = [.. run.Results.Select(result => MetricMachine.Terminate(result, why))] };
        var phase = Worst(Deciding(ended).Select(result => result.Phase));

        // Metrics that are ended with another may turn out as bad, never worse: the one that ended by itself is named.
        var worst = Deciding(run).Concat(Deciding(ended)).FirstOrDefault(result => IsBad(result) && result.Phase == phase);
        return Summarised(ended with
        {
            Phase = phase,
            Message = worst?.Message ?? $"{why}: no metric ended badly",
            DecidedBy = worst?.Name,
            Finished = now,
        });
    }

    private static IEnumerable<MetricResult> Deciding(AnalysisRun run) => run.Results.Where(result => !result.DryRun);

    private static AnalysisRun Summarised(AnalysisRun run) => run with
    {
        Summary = Summary(Deciding(run)),
        DryRunSummary = Summary(run.Results.Where(result => result.DryRun)),
    };

    private static AnalysisSummary Summary(IEnumerable<MetricResult> results)
    {
        var ended = results.CountBy(result => result.Phase).ToDictionary();
        return new()
        {
            Count = ended.Values.Sum(),
            Successful = ended.GetValueOrDefault(AnalysisPhase.Successful),
            Failed = ended.GetValueOrDefault(AnalysisPhase.Failed),
            Inconclusive = ended.GetValueOrDefault(AnalysisPhase.Inconclusive),
            Error = ended.GetValueOrDefault(AnalysisPhase.Error),
        };
    }
}
