using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

public sealed class AnalysisMachineTests
{
    [Fact]
    public void Analysis_says_in_one_sentence_why_it_failed()
    {
        var metric = Metrics.Latency() with { Compare = AnalysisComparison.Difference, FailureLimit = 3 };
        var observed = new Dictionary<string, AnalysisObservation> { ["latency"] = new() { Value = 212, BaselineValue = 120 } };
        var run = AnalysisMachine.Start([metric], Metrics.Start);
        for (var i = 0; i < 4; i++)
        {
            run = AnalysisMachine.Take(run, observed, AnalysisMachine.NextDue(run)!.Value);
        }

        Assert.Equal(AnalysisPhase.Failed, run.Phase);
        Assert.Equal("failed (4) > failureLimit (3): p95 latency 212 ms against 120 ms", run.Message);
        Assert.Equal(("latency", Metrics.Start.AddMinutes(3)), (run.DecidedBy, run.Finished!.Value));
        Assert.Null(AnalysisMachine.NextDue(run));
    }

    // Two metrics end at once: the analysis is as the worse of them.
    [Theory]
    [InlineData('S', 'S', 'S')]
    [InlineData('S', 'I', 'I')]
    [InlineData('S', 'E', 'E')]
    [InlineData('S', 'F', 'F')]
    [InlineData('I', 'I', 'I')]
    [InlineData('I', 'E', 'E')]
    [InlineData('I', 'F', 'F')]
    [InlineData('E', 'E', 'E')]
    [InlineData('E', 'F', 'F')]
    [InlineData('F', 'F', 'F')]
    public void Analysis_is_as_the_worst_of_its_metrics(char left, char right, char worst)
    {
        foreach (var (first, second) in new[] { (left, right), (right, left) })
        {
            var run = Taken(Started(Once("a"), Once("b")), $"{first}{second}");

            Assert.Equal(Metrics.Phase(worst), run.Phase);
            Assert.Equal(worst == 'S' ? null : first == worst ? "a" : "b", run.DecidedBy);
            Assert.Equal(worst == 'S' ? "all metrics ended: no metric ended badly" : run.Results.First(one => one.Name == run.DecidedBy).Message, run.Message);
        }
    }

    [Fact]
    public void Phases_are_ordered_from_successful_to_failed()
    {
        AnalysisPhase[] order =
        [
            AnalysisPhase.Successful, AnalysisPhase.Running, AnalysisPhase.Pending,
            AnalysisPhase.Inconclusive, AnalysisPhase.Error, AnalysisPhase.Failed,
        ];

        Assert.Equal(AnalysisPhase.Successful, AnalysisMachine.Worst([]));
        foreach (var (better, worse) in order.Zip(order.Skip(1)))
        {
            Assert.Equal(worse, AnalysisMachine.Worst([better, worse, AnalysisPhase.Successful]));
        }
    }

    [Theory]
    [InlineData('F')]
    [InlineData('I')]
    [InlineData('E')]
    public void First_metric_that_ends_badly_ends_the_analysis_and_the_others_as_they_stand(char bad)
    {
        var run = Taken(Started(Metrics.Latency("goes on"), Once("bad"), Metrics.Latency("later") with { InitialDelaySeconds = 600 }), $"S{bad}-");

        Assert.Equal((Metrics.Phase(bad), "bad"), (run.Phase, run.DecidedBy));
        Assert.Equal([AnalysisPhase.Successful, Metrics.Phase(bad), AnalysisPhase.Successful], run.Results.Select(result => result.Phase));
        Assert.Equal("ended with 'bad', 1 successful and 0 failed", run.Results[0].Message);
        Assert.Equal("ended with 'bad' before the first measurement", run.Results[2].Message);
        Assert.Empty(AnalysisMachine.Due(run, DateTimeOffset.MaxValue));
    }

    [Fact]
    public void Metric_that_is_ended_with_another_neither_decides_nor_hides_which_did()
    {
        var run = Taken(Started(Metrics.Latency("only errors"), Once("undecided")), "EI");

        Assert.Equal([AnalysisPhase.Inconclusive, AnalysisPhase.Inconclusive], run.Results.Select(result => result.Phase));
        Assert.Equal((AnalysisPhase.Inconclusive, "undecided"), (run.Phase, run.DecidedBy));
    }

    [Fact]
    public void Analysis_is_pending_then_running_then_successful_once_every_metric_is()
    {
        var start = Started(Metrics.Latency("twice") with { Count = 2 }, Metrics.Latency("delayed") with { Count = 1, InitialDelaySeconds = 30 });
        var first = Taken(start, "S-");
        var second = Taken(first, "-S");
        var third = Taken(second, "S-");

        Assert.Equal(
            [AnalysisPhase.Pending, AnalysisPhase.Running, AnalysisPhase.Running, AnalysisPhase.Successful],
            new[] { start, first, second, third }.Select(run => run.Phase));
        Assert.Equal(
            [Metrics.Start, Metrics.Start.AddSeconds(30), Metrics.Start.AddSeconds(60), null],
            new[] { start, first, second, third }.Select(AnalysisMachine.NextDue));
        Assert.Equal((null, Metrics.Start.AddSeconds(60)), (third.DecidedBy, third.Finished!.Value));
    }

    [Fact]
    public void What_is_due_is_measured_and_nothing_else_is_taken()
    {
        var run = Started(Metrics.Latency("now"), Metrics.Latency("later") with { InitialDelaySeconds = 30 });

        Assert.Equal(["now"], AnalysisMachine.Due(run, Metrics.Start).Select(metric => metric.Name));
        var observed = Observed(run, "SS");
        var once = AnalysisMachine.Take(run, observed, Metrics.Start);
        var twice = AnalysisMachine.Take(once, observed, Metrics.Start);

        Assert.Equal([1, 0], once.Results.Select(result => result.Count));
        Assert.Equal([1, 0], twice.Results.Select(result => result.Count));
        Assert.Empty(AnalysisMachine.Due(once, Metrics.Start.AddSeconds(29)));
        Assert.Equal(["now", "later"], AnalysisMachine.Due(once, Metrics.Start.AddSeconds(60)).Select(metric => metric.Name));
    }

    [Fact]
    public void Measurement_that_comes_late_is_one_measurement()
    {
        var run = Started(Metrics.Latency("a"));

        run = AnalysisMachine.Take(run, Observed(run, "S"), Metrics.Start.AddHours(3));

        Assert.Equal((1, Metrics.Start.AddHours(3).AddMinutes(1)), (run.Results[0].Count, AnalysisMachine.NextDue(run)!.Value));
    }

    [Fact]
    public void Metric_that_nobody_knows_is_refused() => Assert.Throws<ArgumentException>(
        () => AnalysisMachine.Take(Started(Once("a")), new Dictionary<string, AnalysisObservation> { ["b"] = new() }, Metrics.Start));

    [Theory]
    [InlineData('F')]
    [InlineData('I')]
    [InlineData('E')]
    public void Metric_that_only_looks_on_ends_badly_and_the_analysis_goes_on(char bad)
    {
        var run = Taken(Started(Metrics.Latency("counts") with { Count = 2 }, Once("looks on") with { DryRun = true }), $"S{bad}");
        var ended = Taken(run, "S-");

        Assert.Equal(AnalysisPhase.Running, run.Phase);
        Assert.Equal((AnalysisPhase.Successful, null), (ended.Phase, ended.DecidedBy));
        Assert.Equal(new() { Count = 1, Successful = 1 }, ended.Summary);
        Assert.Equal(
            new()
            {
                Count = 1,
                Failed = bad == 'F' ? 1 : 0,
                Inconclusive = bad == 'I' ? 1 : 0,
                Error = bad == 'E' ? 1 : 0,
            },
            ended.DryRunSummary);
    }

    [Fact]
    public void Metric_that_only_looks_on_does_not_keep_the_analysis_from_ending()
    {
        var run = Taken(Started(Once("counts"), Metrics.Latency("looks on") with { DryRun = true }), "SS");

        Assert.Equal(AnalysisPhase.Successful, run.Phase);
        Assert.Equal("all metrics ended, 1 successful and 0 failed", run.Results[1].Message);
    }

    [Fact]
    public void Analysis_of_metrics_that_all_look_on_lasts_as_long_as_they_do_and_is_successful()
    {
        var run = Taken(Started(Once("a") with { DryRun = true }, Metrics.Latency("b") with { DryRun = true, Count = 2 }), "FS");
        var ended = Taken(run, "-S");

        Assert.Equal((AnalysisPhase.Running, AnalysisPhase.Successful), (run.Phase, ended.Phase));
        Assert.Equal(new() { Count = 2, Successful = 1, Failed = 1 }, ended.DryRunSummary);
        Assert.Equal(new(), ended.Summary);
    }

    [Theory]
    [InlineData("SS", 'S', "the rollout moved on: no metric ended badly", null)]
    [InlineData("--", 'S', "the rollout moved on: no metric ended badly", null)]
    [InlineData("SE", 'I', "the rollout moved on without a successful measurement", "b")]
    public void Analysis_that_is_stopped_is_taken_as_it_stands(string measured, char phase, string why, string? decidedBy)
    {
        var run = Taken(Started(Metrics.Latency("a"), Metrics.Latency("b")), measured);

        var stopped = AnalysisMachine.Stop(run, "the rollout moved on", Metrics.Start.AddSeconds(9));

        Assert.Equal((Metrics.Phase(phase), why, decidedBy), (stopped.Phase, stopped.Message, stopped.DecidedBy));
        Assert.Equal((Metrics.Start.AddSeconds(9), null), (stopped.Finished!.Value, AnalysisMachine.NextDue(stopped)));
        Assert.Same(stopped, AnalysisMachine.Stop(stopped, "again", Metrics.Start.AddHours(1)));
        Assert.Same(stopped, AnalysisMachine.Take(stopped, Observed(stopped, "FF"), Metrics.Start.AddHours(1)));
    }

    private static AnalysisMetric Once(string name) => Metrics.Latency(name) with { IntervalSeconds = null, ConsecutiveErrorLimit = 0 };

    private static AnalysisRun Started(params AnalysisMetric[] metrics) => AnalysisMachine.Start(metrics, Metrics.Start);

    // One letter per metric; - where it is not measured. The clock stands where something is due.
    private static AnalysisRun Taken(AnalysisRun run, string letters) =>
        AnalysisMachine.Take(run, Observed(run, letters), AnalysisMachine.NextDue(run)!.Value);

    private static Dictionary<string, AnalysisObservation> Observed(AnalysisRun run, string letters) => run.Metrics
        .Zip(letters)
        .Where(pair => pair.Second != '-')
        .ToDictionary(pair => pair.First.Name, pair => Metrics.Coming(Metrics.Phase(pair.Second), Metrics.Start));
}
