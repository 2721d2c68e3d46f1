using System.Globalization;

using OrleansAiFleet.Deployments;

namespace OrleansAiFleet.Rollouts.Analysis;

/// <summary>What a deployment's own columns say of when its successor is rolled back, as metrics. Pure.</summary>
internal static class RolloutThresholds
{
    private const int IntervalSeconds = 30;
    private const int LeastFrames = 30;

    /// <summary>
    /// <c>error_rate_alert_threshold</c>, <c>performance_alert_threshold</c> and <c>rollback_trigger_conditions</c>; none where
    /// <c>monitoring_enabled</c> is off.
    /// </summary>
    public static IReadOnlyList<AnalysisMetric> Of(Deployment stable) => !stable.MonitoringEnabled
        ? []
        :
        [
            .. stable.AlertOnErrors ? [ErrorRate(stable)] : Array.Empty<AnalysisMetric>(),
            .. stable.AlertOnPerformanceDegradation ? [Performance(stable)] : Array.Empty<AnalysisMetric>(),
            .. stable.RollbackTriggerConditions?.To<AnalysisMetric[]>() ?? [],
        ];

    // Two of them in a row of a minute: one frame that broke is no reason.
    private static AnalysisMetric ErrorRate(Deployment stable) => Metric("error_rate_alert_threshold") with
    {
        Measure = AnalysisMeasure.ErrorRate,
        FailureCondition = $"result > {Text(stable.ErrorRateAlertThreshold)}",
    };

    // Surely slower by so much: with the lower bound of the difference, chance alone does not roll a good version back.
    private static AnalysisMetric Performance(Deployment stable) => Metric("performance_alert_threshold") with
    {
        Measure = AnalysisMeasure.LatencyP95,
        Compare = AnalysisComparison.Difference,
        FailureCondition = $"lower > baseline * {Text(stable.PerformanceAlertThreshold)} / 100",
    };

    private static AnalysisMetric Metric(string name) => new()
    {
        Name = name,
        IntervalSeconds = IntervalSeconds,
        FailureLimit = 1,
        OnNoData = NoDataPolicy.Pass,
        MinSamples = new() { Frames = LeastFrames },
    };

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
