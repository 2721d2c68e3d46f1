using System.Text.Json;

using FsCheck.Xunit;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

/// <summary>Random analyses under random measurements at random times.</summary>
[Properties(MaxTest = 100)]
public sealed class AnalysisPropertyTests
{
    [Property]
    public void Counters_sum_up_and_no_more_than_ten_measurements_are_kept(int seed)
    {
        foreach (var result in History(seed).SelectMany(run => run.Results))
        {
            Assert.Equal(result.Count, result.Successful + result.Failed + result.Inconclusive);
            Assert.Equal(Math.Min(MetricMachine.Retention, result.Count + result.Error), result.Measurements.Length);
            Assert.InRange(result.ConsecutiveError, 0, result.Error);
            Assert.InRange(result.ConsecutiveSuccess, 0, result.Successful);
            Assert.True(result.ConsecutiveError == 0 || result.ConsecutiveSuccess == 0);
        }
    }

    [Property]
    public void Metric_or_analysis_that_ended_never_changes(int seed)
    {
        foreach (var (before, after) in Pairs(History(seed)))
        {
            foreach (var (was, became) in before.Results.Zip(after.Results).Where(pair => MetricMachine.HasEnded(pair.First.Phase)))
            {
                Assert.Equal(Json(was), Json(became));
            }

            Assert.True(!MetricMachine.HasEnded(before.Phase) || Json(before) == Json(after));
        }
    }

    [Property]
    public void Same_measurements_give_the_same_analysis(int seed) => Assert.Equal(History(seed).Select(Json), History(seed).Select(Json));

    [Property]
    public void Analysis_that_is_stored_and_read_back_at_any_point_decides_alike(int seed) =>
        Assert.Equal(Json(History(seed)[^1]), Json(History(seed, run => JsonSerializer.Deserialize<AnalysisRun>(Json(run), FleetJson.Options)!)[^1]));

    [Property]
    public void Metrics_that_only_look_on_never_change_the_analysis(int seed)
    {
        var (with, without) = (History(seed), History(seed, dryRuns: false));

        Assert.Equal(
            without.Select(run => (run.Phase, run.Message, run.DecidedBy, run.Finished)),
            with.Select(run => (run.Phase, run.Message, run.DecidedBy, run.Finished)));
        Assert.Equal(without.Select(run => Json(run.Summary)), with.Select(run => Json(run.Summary)));
        Assert.Equal(Json(without[^1].Results), Json(with[^1].Results.Where(result => !result.DryRun)));
    }

    [Property]
    public void Analysis_is_as_bad_as_its_worst_metric_and_successful_only_where_no_measured_metric_is_without_success(int seed)
    {
        var last = History(seed)[^1];
        var deciding = last.Results.Where(result => !result.DryRun).ToList();

        Assert.Equal(MetricMachine.HasEnded(last.Phase), deciding.TrueForAll(result => MetricMachine.HasEnded(result.Phase)));
        if (MetricMachine.HasEnded(last.Phase))
        {
            Assert.Equal(AnalysisMachine.Worst(deciding.Select(result => result.Phase)), last.Phase);
            Assert.Equal(last.Phase == AnalysisPhase.Successful, last.DecidedBy is null);
            Assert.Null(AnalysisMachine.NextDue(last));
        }

        Assert.DoesNotContain(last.Results, result =>
            result.Phase == AnalysisPhase.Successful && result.Successful == 0 && result.Count + result.Error > 0);
    }

    [Property]
    public void Analysis_ends_after_as_many_measurements_as_its_metrics_allow(int seed)
    {
        var run = Start(new(seed), dryRuns: true);
        var most = run.Metrics.Sum(metric => (metric.Count ?? 1) * (metric.ConsecutiveErrorLimit + 1)) + 1;
        var random = new Random(seed);
        for (var i = 0; i < most && AnalysisMachine.NextDue(run) is { } due; i++)
        {
            run = AnalysisMachine.Take(run, AnalysisMachine.Due(run, due).ToDictionary(metric => metric.Name, _ => Any(random, due)), due);
        }

        Assert.True(MetricMachine.HasEnded(run.Phase), Json(run));
    }

    // Every state from the start on; what is measured of one metric does not depend on which others there are.
    private static List<AnalysisRun> History(int seed, Func<AnalysisRun, AnalysisRun>? between = null, bool dryRuns = true)
    {
        var run = Start(new(seed), dryRuns);
        var states = new List<AnalysisRun> { run };
        for (var i = 0; i < 25; i++)
        {
            var now = Metrics.Start.AddSeconds(20 * i);
            var observed = run.Metrics.ToDictionary(metric => metric.Name, metric => Any(new Random(HashOf(seed, i, metric.Name)), now));
            run = AnalysisMachine.Take((between ?? (same => same))(run), observed, now);
            states.Add(run);
        }

        if (seed % 2 == 0)
        {
            states.Add(AnalysisMachine.Stop(run, "the rollout moved on", Metrics.Start.AddHours(1)));
        }

        return states;
    }

    private static AnalysisRun Start(Random random, bool dryRuns)
    {
        AnalysisMetric[] metrics = [.. Enumerable.Range(0, random.Next(1, 5)).Select(i => Metric(random, i))];
        Assert.Null(AnalysisCheck.Judge("metrics", metrics));
        return AnalysisMachine.Start([.. metrics.Where(metric => dryRuns || !metric.DryRun)], Metrics.Start);
    }

    // The first always counts: an analysis of nothing but metrics that look on is another matter.
    private static AnalysisMetric Metric(Random random, int index)
    {
        var count = random.Next(1, 8);
        var successes = random.Next(0, count + 1);
        return Metrics.Latency($"m{index}") with
        {
            DryRun = index > 0 && random.Next(2) == 0,
            Count = count,
            IntervalSeconds = random.Next(1, 90),
            InitialDelaySeconds = random.Next(0, 60),
            FailureLimit = random.Next(successes == 0 ? 0 : -1, count),
            InconclusiveLimit = random.Next(0, count),
            ConsecutiveErrorLimit = random.Next(0, 4),
            ConsecutiveSuccessLimit = successes,
            OnNoData = random.GetItems(Enum.GetValues<NoDataPolicy>(), 1)[0],
        };
    }

    private static AnalysisObservation Any(Random random, DateTimeOffset now) => random.Next(8) switch
    {
        0 => Metrics.Coming(AnalysisPhase.Failed, now),
        1 => Metrics.Coming(AnalysisPhase.Inconclusive, now),
        2 => Metrics.Coming(AnalysisPhase.Error, now),
        3 => new() { Started = now, Value = double.NaN },
        _ => Metrics.Coming(AnalysisPhase.Successful, now),
    };

    private static int HashOf(int seed, int step, string name) => unchecked((seed * 7919) + (step * 104_729) + (name[1] * 1_299_709));

    private static IEnumerable<(AnalysisRun Before, AnalysisRun After)> Pairs(List<AnalysisRun> runs) => runs.Zip(runs.Skip(1));

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, FleetJson.Options);
}
