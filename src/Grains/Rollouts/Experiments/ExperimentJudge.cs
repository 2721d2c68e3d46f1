namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>What the tallies of an experiment say. Pure.</summary>
internal static class ExperimentJudge
{
    /// <summary>
    /// One metric's interval and what it says. Metrics share alpha evenly, so that all intervals hold together (Bonferroni).
    /// </summary>
    public static ExperimentResult Judge(ExperimentPlan plan, ExperimentMetric metric, ExperimentTally tally)
    {
        var interval = MixtureSequence.Of(tally, plan.Alpha / plan.Metrics.Length, plan.TightestAtSlots);
        return new()
        {
            Measure = metric.Measure,
            Tally = tally,
            Lower = interval.IsBounded ? interval.Lower : null,
            Upper = interval.IsBounded ? interval.Upper : null,
            Finding = tally.Slots < plan.MinimumSlots ? ExperimentFinding.Undecided : Find(metric, interval),
        };
    }

    /// <summary>What all metrics together come to; none where that is open.</summary>
    public static ExperimentVerdict Verdict(IReadOnlyCollection<ExperimentResult> results)
    {
        bool Any(ExperimentFinding finding) => results.Any(result => result.Finding == finding);

        bool All(params ReadOnlySpan<ExperimentFinding> findings)
        {
            var among = findings.ToArray();
            return results.All(result => among.Contains(result.Finding));
        }

        return results.Count == 0 ? ExperimentVerdict.None
            : Any(ExperimentFinding.Worse) ? ExperimentVerdict.BIsWorse
            : Any(ExperimentFinding.Different) ? ExperimentVerdict.BIsDifferent
            : All(ExperimentFinding.Alike) ? ExperimentVerdict.NoDifference
            : Any(ExperimentFinding.Better) && All(ExperimentFinding.Better, ExperimentFinding.Alike, ExperimentFinding.NotWorse)
                ? ExperimentVerdict.BIsBetter
            : ExperimentVerdict.None;
    }

    // What is surely different by less than matters is alike.
    private static ExperimentFinding Find(ExperimentMetric metric, MeanInterval interval)
    {
        var (lower, upper, margin) = (interval.Lower, interval.Upper, metric.MinimumEffect);
        if (lower >= -margin && upper <= margin)
        {
            return ExperimentFinding.Alike;
        }

        return (AnalysisMeasures.Of(metric.Measure).Direction, lower > 0, upper < 0) switch
        {
            (MeasureDirection.Neither, true, _) or (MeasureDirection.Neither, _, true) => ExperimentFinding.Different,
            (MeasureDirection.MoreIsBetter, true, _) or (MeasureDirection.LessIsBetter, _, true) => ExperimentFinding.Better,
            (MeasureDirection.MoreIsBetter, _, true) or (MeasureDirection.LessIsBetter, true, _) => ExperimentFinding.Worse,
            (MeasureDirection.MoreIsBetter, _, _) when lower > -margin => ExperimentFinding.NotWorse,
            (MeasureDirection.LessIsBetter, _, _) when upper < margin => ExperimentFinding.NotWorse,
            _ => ExperimentFinding.Undecided,
        };
    }
}
