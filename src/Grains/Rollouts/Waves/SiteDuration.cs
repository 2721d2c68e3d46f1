using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>How long one site takes to come to the version. Pure.</summary>
/// <param name="Shortest">If nothing has to be waited for that is not asked for.</param>
/// <param name="Longest">If everything takes as long as it may; null: there is no bound.</param>
internal readonly record struct SiteDuration(TimeSpan Shortest, TimeSpan? Longest)
{
    /// <summary>A deployment, or a deployment's other version, is a few rows; a database that is away may make it longer.</summary>
    private static readonly TimeSpan LongestDeploy = TimeSpan.FromSeconds(30);

    // Control silos look once a second.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static SiteDuration Of(FleetSiteWay way, SiteTemplate template)
    {
        if (way != FleetSiteWay.Rollout)
        {
            return new(Look, LongestDeploy);
        }

        var paused = TimeSpan.FromSeconds(template.Steps.Sum(step => step.DurationSeconds ?? 0) + template.KeepsWarmSeconds);
        var metrics = template.Steps.Select(step => step.Metrics).ToList();
        var (quickest, slowest) = (Sum(metrics, ShortestSeconds), Sum(metrics, LongestSeconds));

        // Cameras may take the deadline before the first step, at every step that moves them, and at the end.
        var moves = template.Steps.Count(step => step.Kind is RolloutStepKind.SetWeight or RolloutStepKind.Shadow) + 2;
        return new(
            paused + quickest + (Look * (template.Steps.Length + 2)),
            WhyUnbounded(template) is null ? paused + slowest + (moves * TimeSpan.FromSeconds(template.ProgressDeadlineSeconds)) : null);
    }

    /// <summary>Why the rollout of a site has no bound, or null.</summary>
    public static string? WhyUnbounded(SiteTemplate template) =>
        template.Steps.Any(step => step is { Kind: RolloutStepKind.Pause, DurationSeconds: null }) ? "A step of every site waits for a person."
        : !template.PromotesItself ? "A person has to promote every site."
        : template.Steps.Any(step => step.Metrics.Any(IsEndless)) ? "An analysis goes on until it is stopped."
        : null;

    // Of each step the metric that takes longest.
    private static TimeSpan Sum(IEnumerable<AnalysisMetric[]> steps, Func<AnalysisMetric, double> seconds) =>
        TimeSpan.FromSeconds(steps.Sum(metrics => metrics.Where(metric => !IsEndless(metric)).Select(seconds).DefaultIfEmpty().Max()));

    private static bool IsEndless(AnalysisMetric metric) => metric is { IntervalSeconds: not null, Count: null };

    private static double ShortestSeconds(AnalysisMetric metric) => metric.InitialDelaySeconds
        + ((metric.IntervalSeconds ?? 0) * (double)(metric.ConsecutiveSuccessLimit > 0 ? metric.ConsecutiveSuccessLimit : metric.Count ?? 1));

    // Before each measurement as many tries may fail as are forgiven.
    private static double LongestSeconds(AnalysisMetric metric)
    {
        var failed = metric.ConsecutiveErrorLimit * MetricMachine.ErrorRetry.TotalSeconds;
        return metric.InitialDelaySeconds + ((metric.Count ?? 1) * ((metric.IntervalSeconds ?? 0) + failed));
    }
}
