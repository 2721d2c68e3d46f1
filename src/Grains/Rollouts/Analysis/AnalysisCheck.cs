using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts.Analysis.Conditions;

namespace OrleansAiFleet.Rollouts.Analysis;

/// <summary>What the metrics of an analysis must look like to be taken. Pure.</summary>
internal static class AnalysisCheck
{
    /// <summary>Most metrics of one analysis.</summary>
    public const int MostMetrics = 20;

    private const int LongestName = 100;
    private const int MostMeasurements = 10_000;

    // What waits longer than a week was forgotten.
    private const int MostSeconds = 7 * 24 * 3600;

    private static readonly ConditionName[] OfBaseline =
        [ConditionName.Baseline, ConditionName.Difference, ConditionName.Lower, ConditionName.Upper];

    /// <summary>Why the metrics cannot be taken, or null.</summary>
    /// <param name="field">Where they stand.</param>
    /// <param name="metrics">Read from outside: one may be null.</param>
    public static Refusal? Judge(string field, IReadOnlyList<AnalysisMetric?> metrics)
    {
        if (metrics.Count is 0 or > MostMetrics)
        {
            return Refusal.Invalid(field, $"An analysis has 1 to {MostMetrics} metrics, not {metrics.Count}.");
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < metrics.Count; i++)
        {
            var place = $"{field}[{i}]";
            var refusal = metrics[i] is { } metric
                ? Judge(place, metric) ?? Twice(place, metric, names)
                : Refusal.Invalid(place, $"{place} must be a metric and not null.");
            if (refusal is not null)
            {
                return refusal;
            }
        }

        return null;
    }

    private static Refusal? Twice(string place, AnalysisMetric metric, HashSet<string> names) =>
        names.Add(metric.Name) ? null : Refusal.Invalid($"{place}.name", $"There are two metrics '{metric.Name}': give each a name of its own.");

    private static Refusal? Judge(string place, AnalysisMetric metric) => Refusal.First(
        Field.Required($"{place}.name", metric.Name, LongestName),
        Field.Named($"{place}.measure", metric.Measure),
        Field.Named($"{place}.compare", metric.Compare),
        Field.Named($"{place}.on_no_data", metric.OnNoData),
        metric.MinSamples is null ? Refusal.Invalid($"{place}.min_samples", $"{place}.min_samples must not be null: leave it out.") : null)
        ?? Refusal.First(
            Comparison(place, metric),
            Pace(place, metric),
            Limits(place, metric),
            Samples(place, metric.MinSamples),
            Conditions(place, metric));

    private static Refusal? Comparison(string place, AnalysisMetric metric) =>
        metric.Compare == AnalysisComparison.Absolute || AnalysisMeasures.Of(metric.Measure).HasBaseline
            ? null
            : Refusal.Invalid($"{place}.compare", $"{place}.measure compares both versions already: set compare to absolute.");

    private static Refusal? Pace(string place, AnalysisMetric metric) => Refusal.First(
        Field.Whole($"{place}.interval_seconds", metric.IntervalSeconds, 1, MostSeconds),
        Field.Whole($"{place}.initial_delay_seconds", metric.InitialDelaySeconds, 0, MostSeconds),
        Field.Whole($"{place}.count", metric.Count, 1, MostMeasurements),
        metric is { Count: > 1, IntervalSeconds: null }
            ? Refusal.Invalid($"{place}.count", $"{place}.count is {metric.Count}: give interval_seconds to say how far apart they are.")
            : null);

    private static Refusal? Limits(string place, AnalysisMetric metric)
    {
        var count = metric.Count ?? (metric.IntervalSeconds is null ? 1 : MostMeasurements);
        return Refusal.First(
            Limit($"{place}.failure_limit", metric.FailureLimit, -1, count),
            Limit($"{place}.inconclusive_limit", metric.InconclusiveLimit, 0, count),
            Field.Whole($"{place}.consecutive_error_limit", metric.ConsecutiveErrorLimit, 0, MostMeasurements),
            Field.Whole($"{place}.consecutive_success_limit", metric.ConsecutiveSuccessLimit, 0, count),
            metric is { FailureLimit: < 0, ConsecutiveSuccessLimit: 0 }
                ? Refusal.Invalid(
                    $"{place}.failure_limit",
                    $"{place}.failure_limit is -1, so no number of failures ends it: give consecutive_success_limit, or the metric can never fail.")
                : null);
    }

    private static Refusal? Limit(string field, int value, int least, int count) =>
        value >= least && value < count
            ? null
            : Refusal.Invalid(
                field, $"{field} is {value}; it must be from {least} to {count - 1}: more than that must be possible among {count} measurements.");

    private static Refusal? Samples(string place, AnalysisSamples? least) => least is null
        ? Refusal.Invalid($"{place}.min_samples", $"{place}.min_samples must not be null: leave it out to need none.")
        : Refusal.First(
            Field.Whole($"{place}.min_samples.frames", least.Frames, 0, long.MaxValue),
            Field.Whole($"{place}.min_samples.detections", least.Detections, 0, long.MaxValue),
            Field.Real($"{place}.min_samples.camera_hours", least.CameraHours, 0, 1e9));

    private static Refusal? Conditions(string place, AnalysisMetric metric) =>
        Condition.IsGiven(metric.SuccessCondition) || Condition.IsGiven(metric.FailureCondition)
            ? Refusal.First(
                Readable($"{place}.success_condition", metric.SuccessCondition, metric.Compare),
                Readable($"{place}.failure_condition", metric.FailureCondition, metric.Compare))
            : Refusal.Invalid(
                $"{place}.success_condition",
                $"Give {place}.success_condition or failure_condition: without either, whatever is measured would be successful.");

    private static Refusal? Readable(string field, string? text, AnalysisComparison compare)
    {
        if (!Condition.IsGiven(text))
        {
            return null;
        }

        var (condition, fault) = Condition.Parse(text!);
        if (condition is null)
        {
            return Refusal.Invalid(field, $"{field}: {fault!.Message}.");
        }

        if (condition.Names.Count == 0)
        {
            return Refusal.Invalid(field, $"{field} says the same whatever is measured: name one of {ConditionWords.AllNames}.");
        }

        var ofBaseline = OfBaseline.Where(condition.Names.Contains).Select(ConditionWords.Of).ToList();
        return compare == AnalysisComparison.Absolute && ofBaseline.Count > 0
            ? Refusal.Invalid(field, $"{field} names {string.Join(", ", ofBaseline)}: that is there only with compare difference.")
            : null;
    }
}
