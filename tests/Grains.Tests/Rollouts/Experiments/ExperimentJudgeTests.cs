using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;

using static OrleansAiFleet.Rollouts.Experiments.ExperimentFinding;

namespace OrleansAiFleet.Grains.Tests.Rollouts.Experiments;

public sealed class ExperimentJudgeTests
{
    // With 1000 slots of a deviation of one the interval reaches some 0.1 to both sides.
    [Theory]
    [InlineData(AnalysisMeasure.MeanConfidence, 0.3, 0.2, Better)]
    [InlineData(AnalysisMeasure.MeanConfidence, -0.3, 0.2, Worse)]
    [InlineData(AnalysisMeasure.ErrorRate, 0.3, 0.2, Worse)]
    [InlineData(AnalysisMeasure.ErrorRate, -0.3, 0.2, Better)]
    [InlineData(AnalysisMeasure.DetectionsPerCameraHour, 0.3, 0.2, Different)]
    [InlineData(AnalysisMeasure.DetectionsPerCameraHour, -0.3, 0.2, Different)]
    [InlineData(AnalysisMeasure.MeanConfidence, 0.3, 0.9, Alike)]
    [InlineData(AnalysisMeasure.ErrorRate, 0.3, 0.9, Alike)]
    [InlineData(AnalysisMeasure.EmptyFrameShare, -0.3, 0.9, Alike)]
    [InlineData(AnalysisMeasure.MeanConfidence, 0.05, 0.1, NotWorse)]
    [InlineData(AnalysisMeasure.ErrorRate, -0.05, 0.1, NotWorse)]
    [InlineData(AnalysisMeasure.MeanConfidence, -0.05, 0.1, Undecided)]
    [InlineData(AnalysisMeasure.ErrorRate, 0.05, 0.1, Undecided)]
    [InlineData(AnalysisMeasure.DetectionsPerCameraHour, 0.05, 0.1, Undecided)]
    public void Interval_of_a_metric_says(AnalysisMeasure measure, double mean, double effect, ExperimentFinding expected)
    {
        var metric = new ExperimentMetric { Measure = measure, MinimumEffect = effect };

        var result = ExperimentJudge.Judge(Plan(metric), metric, new() { Slots = 1000, Mean = mean, Squares = 999 });

        Assert.Equal(expected, result.Finding);
        Assert.InRange(result.Upper!.Value - mean, 0.09, 0.12);
    }

    [Fact]
    public void Nothing_is_found_before_there_are_enough_slots()
    {
        var metric = new ExperimentMetric { Measure = AnalysisMeasure.MeanConfidence, MinimumEffect = 1 };

        Assert.Equal(Undecided, ExperimentJudge.Judge(Plan(metric), metric, new() { Slots = 99, Mean = 5, Squares = 98 }).Finding);
        Assert.Equal(Better, ExperimentJudge.Judge(Plan(metric), metric, new() { Slots = 100, Mean = 5, Squares = 99 }).Finding);
    }

    [Fact]
    public void Metrics_share_alpha()
    {
        var metric = new ExperimentMetric { Measure = AnalysisMeasure.MeanConfidence, MinimumEffect = 1 };
        var tally = new ExperimentTally { Slots = 500, Mean = 0, Squares = 499 };

        var two = ExperimentJudge.Judge(Plan(metric, metric), metric, tally);
        var half = ExperimentJudge.Judge(Plan(metric) with { Alpha = 0.025 }, metric, tally);

        Assert.Equal(half, two);
        Assert.True(two.Upper > ExperimentJudge.Judge(Plan(metric), metric, tally).Upper);
    }

    [Theory]
    [InlineData(ExperimentVerdict.None)]
    [InlineData(ExperimentVerdict.None, Undecided)]
    [InlineData(ExperimentVerdict.None, NotWorse)]
    [InlineData(ExperimentVerdict.None, Better, Undecided)]
    [InlineData(ExperimentVerdict.None, Alike, Undecided)]
    [InlineData(ExperimentVerdict.None, Alike, NotWorse)]
    [InlineData(ExperimentVerdict.BIsBetter, Better)]
    [InlineData(ExperimentVerdict.BIsBetter, Better, NotWorse, Alike)]
    [InlineData(ExperimentVerdict.BIsWorse, Worse)]
    [InlineData(ExperimentVerdict.BIsWorse, Better, Worse)]
    [InlineData(ExperimentVerdict.BIsWorse, Undecided, Worse, Different)]
    [InlineData(ExperimentVerdict.BIsDifferent, Different, Better)]
    [InlineData(ExperimentVerdict.NoDifference, Alike, Alike)]
    public void All_metrics_together_come_to(ExperimentVerdict expected, params ExperimentFinding[] findings) =>
        Assert.Equal(expected, ExperimentJudge.Verdict([.. findings.Select(finding => new ExperimentResult { Finding = finding })]));

    [Fact]
    public void Verdict_is_said_in_words()
    {
        var plan = Plan(
            new() { Measure = AnalysisMeasure.MeanConfidence, MinimumEffect = 0.01 }, new() { Measure = AnalysisMeasure.ErrorRate, MinimumEffect = 2 });
        ExperimentResult[] results =
        [
            new()
            {
                Measure = AnalysisMeasure.MeanConfidence, Tally = new() { Slots = 412, Pairs = 3296, Mean = 0.031 }, Lower = 0.012, Upper = 0.05,
                Finding = Better,
            },
            new()
            {
                Measure = AnalysisMeasure.ErrorRate, Tally = new() { Slots = 420, Pairs = 3360, Mean = -0.25 }, Lower = -1.5, Upper = 1, Finding = Alike,
            },
        ];

        Assert.Equal(
            "B is better: mean confidence +0.031 (0.012 to 0.05, better), error rate -0.25 points (-1.5 to 1, within ±2). With 95 % all intervals "
            + "hold their differences, whenever one looks; 412 slots of 60 seconds, 3296 pairs of one camera in one slot.",
            ExperimentText.Say(plan, ExperimentVerdict.BIsBetter, results));
        Assert.StartsWith("No difference was sure in 7 days: ", ExperimentText.Say(plan, ExperimentVerdict.Undecided, results), StringComparison.Ordinal);
        Assert.StartsWith(
            "Before 24 hours nothing is said but that B is worse: ", ExperimentText.Say(plan, ExperimentVerdict.None, results), StringComparison.Ordinal);
        Assert.StartsWith(
            "Nothing is sure yet: ",
            ExperimentText.Say(plan, ExperimentVerdict.None, [results[0] with { Finding = Undecided }, results[1]]),
            StringComparison.Ordinal);
    }

    private static ExperimentPlan Plan(params ExperimentMetric[] metrics) => new() { Weight = 50, Metrics = metrics };
}
