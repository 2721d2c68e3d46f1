using System.Globalization;

using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>Says in words what an experiment found.</summary>
internal static class ExperimentText
{
    /// <summary>
    /// As in <c>B is better: mean confidence +0.031 (0.012 to 0.05, better). With 95 % the interval holds the difference, whenever one looks;
    /// 412 slots of 60 seconds, 3296 pairs of one camera in one slot.</c>
    /// </summary>
    public static string Say(ExperimentPlan plan, ExperimentVerdict verdict, IReadOnlyList<ExperimentResult> results)
    {
        var slots = results.Count == 0 ? 0 : results.Min(result => result.Tally.Slots);
        return verdict == ExperimentVerdict.None && slots < plan.MinimumSlots
            ? $"Nothing is said before {plan.MinimumSlots} slots of {plan.SlotSeconds} seconds; there are {slots}."
            : $"{Lead(plan, verdict, results)}: {string.Join(", ", results.Select((result, i) => Say(result, plan.Metrics[i])))}. "
                + Coverage(plan, slots, results.Min(result => result.Tally.Pairs));
    }

    private static string Lead(ExperimentPlan plan, ExperimentVerdict verdict, IReadOnlyList<ExperimentResult> results) => verdict switch
    {
        ExperimentVerdict.BIsBetter => "B is better",
        ExperimentVerdict.BIsWorse => "B is worse",
        ExperimentVerdict.BIsDifferent => "B is different, and a person has to say whether that is good",
        ExperimentVerdict.NoDifference => "There is no difference that matters",
        ExperimentVerdict.Undecided => $"No difference was sure in {Duration(plan.LongestSeconds)}",
        _ when ExperimentJudge.Verdict(results) != ExperimentVerdict.None =>
            $"Before {Duration(plan.ShortestSeconds)} nothing is said but that B is worse",
        _ => "Nothing is sure yet",
    };

    private static string Say(ExperimentResult result, ExperimentMetric metric)
    {
        var facts = AnalysisMeasures.Of(result.Measure);
        if (result.Tally.Slots == 0)
        {
            return $"{facts.Label} unknown";
        }

        var unit = facts.Unit switch { "" => "", "%" => " points", var other => $" {other}" };
        var bounds = result is { Lower: { } lower, Upper: { } upper }
            ? $"{MeasureText.Number(lower)} to {MeasureText.Number(upper)}"
            : "too few slots for bounds";
        var word = result.Finding switch
        {
            ExperimentFinding.Better => ", better",
            ExperimentFinding.Worse => ", worse",
            ExperimentFinding.Different => ", different",
            ExperimentFinding.Alike => $", within ±{MeasureText.Number(metric.MinimumEffect)}",
            ExperimentFinding.NotWorse => $", not worse by {MeasureText.Number(metric.MinimumEffect)}",
            _ => "",
        };
        return $"{facts.Label} {(result.Tally.Mean > 0 ? "+" : "")}{MeasureText.Number(result.Tally.Mean)}{unit} ({bounds}{word})";
    }

    private static string Coverage(ExperimentPlan plan, long slots, long pairs)
    {
        var percent = MeasureText.Number(Math.Round(100 * (1 - plan.Alpha), 2));
        var what = plan.Metrics.Length == 1 ? "the interval holds the difference" : "all intervals hold their differences";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"With {percent} % {what}, whenever one looks; {slots} slots of {plan.SlotSeconds} seconds, {pairs} pairs of one camera in one slot.");
    }

    private static string Duration(int seconds) => seconds switch
    {
        >= 2 * 86_400 when seconds % 86_400 == 0 => $"{seconds / 86_400} days",
        >= 2 * 3600 when seconds % 3600 == 0 => $"{seconds / 3600} hours",
        _ => $"{MeasureText.Number(seconds / 60.0)} minutes",
    };
}
