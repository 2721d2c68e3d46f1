using OrleansAiFleet.Rollouts.Analysis.Conditions;

namespace OrleansAiFleet.Rollouts.Analysis;

/// <summary>
/// Judges one measurement by its metric's conditions, as Argo Rollouts does (<c>utils/evaluate</c>), but for what is
/// missing: a value that is absent or not finite never makes a condition true or false, the metric says what it makes. Pure.
/// </summary>
internal static class MeasurementJudge
{
    /// <summary>
    /// The judged measurement. It finished when all that it rests on was there, however late it is judged, so that the next one is not late
    /// too; what could not be measured is tried again from now on.
    /// </summary>
    public static Measurement Judge(AnalysisMetric metric, AnalysisObservation observation, DateTimeOffset now)
    {
        var judged = Judged(metric, observation, now);
        return judged.Phase == AnalysisPhase.Error ? judged with { Finished = now } : judged;
    }

    private static Measurement Judged(AnalysisMetric metric, AnalysisObservation observation, DateTimeOffset now)
    {
        var measured = Measured(observation, now);
        if (observation.Fault is { } fault)
        {
            return measured with { Phase = AnalysisPhase.Error, Message = fault };
        }

        if (TooFew(metric.MinSamples, observation.Samples) is { } few)
        {
            return WithoutData(metric, measured, few);
        }

        // A measurement comes once a second at most: reading the text anew is cheaper than keeping a tree beside the stored run.
        var (success, failure) = (Read(metric.SuccessCondition), Read(metric.FailureCondition));
        if ((success?.Fault ?? failure?.Fault) is { } unreadable)
        {
            return measured with { Phase = AnalysisPhase.Error, Message = $"the condition cannot be read: {unreadable.Message}" };
        }

        return Judge(metric, measured, success?.Condition, failure?.Condition);
    }

    private static Measurement Judge(AnalysisMetric metric, Measurement measured, Condition? success, Condition? failure)
    {
        var values = Values(metric, measured);
        var isBad = failure?.Holds(values);
        if (failure is not null && isBad is null)
        {
            return WithoutData(metric, measured, failure.WhyUnknown(values));
        }

        // What is bad is bad, whatever the other condition lacks.
        var isGood = success?.Holds(values);
        if (success is not null && isGood is null && isBad != true)
        {
            return WithoutData(metric, measured, success.WhyUnknown(values));
        }

        var phase = (isBad, isGood) switch
        {
            (true, _) => AnalysisPhase.Failed,
            (_, true) => AnalysisPhase.Successful,
            (null, false) => AnalysisPhase.Failed,
            (false, null) => AnalysisPhase.Successful,
            (false, false) => AnalysisPhase.Inconclusive,

            // Nothing was asked. AnalysisCheck lets no such metric pass.
            (null, null) => AnalysisPhase.Successful,
        };
        return measured with { Phase = phase, Message = MeasureText.Say(metric, measured) };
    }

    private static Measurement Measured(AnalysisObservation observation, DateTimeOffset now)
    {
        var (value, baseline) = (Finite(observation.Value), Finite(observation.BaselineValue));
        return new()
        {
            Started = observation.Started,
            Finished = observation.Finished ?? now,
            Value = value,
            BaselineValue = baseline,
            Difference = Finite(observation.Difference) ?? Finite(value - baseline),
            Lower = Finite(observation.Lower),
            Upper = Finite(observation.Upper),
            Samples = observation.Samples,
        };
    }

    private static ConditionValues Values(AnalysisMetric metric, Measurement measured) => new(
        measured.Value,
        measured.BaselineValue,
        measured.Difference,
        measured.Lower,
        measured.Upper,
        measured.Samples.Of(AnalysisMeasures.Of(metric.Measure).Samples));

    private static Measurement WithoutData(AnalysisMetric metric, Measurement measured, string why) => measured with
    {
        Phase = metric.OnNoData switch
        {
            NoDataPolicy.Error => AnalysisPhase.Error,
            NoDataPolicy.Fail => AnalysisPhase.Failed,
            NoDataPolicy.Pass => AnalysisPhase.Successful,
            _ => AnalysisPhase.Inconclusive,
        },
        Message = $"no data for {AnalysisMeasures.Of(metric.Measure).Label}: {why}",
    };

    private static string? TooFew(AnalysisSamples needed, AnalysisSamples there) => Enum.GetValues<SampleKind>()
        .Where(kind => !(there.Of(kind) >= needed.Of(kind)))
        .Select(kind => $"{MeasureText.Number(there.Of(kind))} of at least {MeasureText.Number(needed.Of(kind))} {Word(kind)}")
        .FirstOrDefault();

    private static string Word(SampleKind kind) => kind switch
    {
        SampleKind.Frames => "frames",
        SampleKind.Detections => "detections",
        _ => "camera-hours",
    };

    private static ParsedCondition? Read(string? text) => Condition.IsGiven(text) ? Condition.Parse(text!) : null;

    // JSON knows no other numbers, and neither does a condition.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
