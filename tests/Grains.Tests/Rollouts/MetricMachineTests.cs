using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

/// <summary>Measurements are letters: S successful, F failed, I inconclusive, E error. R is a metric that goes on.</summary>
public sealed class MetricMachineTests
{
    // Limits: failure, inconclusive, consecutive error, consecutive success; count 0: none given.
    [Theory]
    [InlineData("F", 0, 0, 4, 0, 0, 'F', "failed (1) > failureLimit (0)")]
    [InlineData("FFF", 3, 0, 4, 0, 0, 'R', null)]
    [InlineData("FSFFSF", 3, 0, 4, 0, 0, 'F', "failed (4) > failureLimit (3)")]
    [InlineData("FFFFFFFF", -1, 0, 4, 0, 0, 'R', null)]
    [InlineData("I", 0, 0, 4, 0, 0, 'I', "inconclusive (1) > inconclusiveLimit (0)")]
    [InlineData("ISI", 0, 2, 4, 0, 0, 'R', null)]
    [InlineData("ISISI", 0, 2, 4, 0, 0, 'I', "inconclusive (3) > inconclusiveLimit (2)")]
    [InlineData("EEEE", 0, 0, 4, 0, 0, 'R', null)]
    [InlineData("EEEEE", 0, 0, 4, 0, 0, 'E', "consecutiveErrors (5) > consecutiveErrorLimit (4)")]
    [InlineData("EEEESEEEE", 0, 0, 4, 0, 0, 'R', null)]
    [InlineData("EEEEFEEEEIEEEE", 1, 1, 4, 0, 0, 'R', null)]
    [InlineData("E", 0, 0, 0, 0, 0, 'E', "consecutiveErrors (1) > consecutiveErrorLimit (0)")]
    [InlineData("SS", 0, 0, 4, 3, 0, 'R', null)]
    [InlineData("SSS", 0, 0, 4, 3, 0, 'S', "consecutiveSuccesses (3) reached consecutiveSuccessLimit (3)")]
    [InlineData("SSFSS", 1, 0, 4, 3, 0, 'R', null)]
    [InlineData("SSISS", 1, 1, 4, 3, 0, 'R', null)]
    [InlineData("SSESS", 0, 0, 4, 3, 0, 'R', null)]
    [InlineData("SSESSS", 0, 0, 4, 3, 0, 'S', "consecutiveSuccesses (3) reached consecutiveSuccessLimit (3)")]
    [InlineData("SS", 0, 0, 4, 0, 3, 'R', null)]
    [InlineData("SSS", 0, 0, 4, 0, 3, 'S', "count (3) reached, 3 successful and 0 failed")]
    [InlineData("SESEES", 0, 0, 4, 0, 3, 'S', "count (3) reached, 3 successful and 0 failed")]
    [InlineData("FSF", 2, 0, 4, 0, 3, 'S', "count (3) reached, 1 successful and 2 failed")]
    [InlineData("SFS", 1, 0, 4, 2, 3, 'I', "count (3) reached without 2 successes in a row")]
    [InlineData("SFS", -1, 0, 4, 2, 3, 'F', "count (3) reached without 2 successes in a row")]
    [InlineData("FFF", -1, 0, 4, 2, 3, 'F', "count (3) reached without 2 successes in a row")]
    [InlineData("FSS", -1, 0, 4, 2, 3, 'S', "consecutiveSuccesses (2) reached consecutiveSuccessLimit (2)")]
    [InlineData("SSF", 0, 0, 4, 0, 3, 'F', "failed (1) > failureLimit (0)")]
    [InlineData("FFF", -1, 0, 4, 0, 3, 'I', "count (3) reached without a successful measurement")]
    [InlineData("FIF", 5, 5, 4, 0, 3, 'I', "count (3) reached without a successful measurement")]
    public void Metric_ends_by_its_limits_in_their_order(
        string measured, int failure, int inconclusive, int error, int success, int count, char phase, string? why)
    {
        var metric = Metrics.Latency() with
        {
            FailureLimit = failure,
            InconclusiveLimit = inconclusive,
            ConsecutiveErrorLimit = error,
            ConsecutiveSuccessLimit = success,
            Count = count == 0 ? null : count,
        };

        var result = Run(metric, measured);

        Assert.Equal(Metrics.Phase(phase), result.Phase);
        Assert.Equal(why is null ? null : $"{why}: {result.Measurements[^1].Message}", result.Message);
        Assert.Equal(why is null, result.NextDue is not null);
    }

    // A state that is past two limits at once cannot come about by measuring; it may be stored with limits that were other.
    [Theory]
    [InlineData(9, 9, 9, 'E')]
    [InlineData(9, 9, 0, 'I')]
    [InlineData(9, 0, 0, 'F')]
    [InlineData(0, 0, 0, 'S')]
    public void Later_limit_has_the_last_word(int failed, int inconclusive, int errors, char phase)
    {
        var metric = Metrics.Latency() with { ConsecutiveSuccessLimit = errors == 0 ? 1 : 0 };
        var before = MetricMachine.Start(metric, Metrics.Start) with { Failed = failed, Inconclusive = inconclusive, ConsecutiveError = errors };

        var result = MetricMachine.Take(metric, before, Measured(errors == 0 ? 'S' : 'E', Metrics.Start));

        Assert.Equal(Metrics.Phase(phase), result.Phase);
    }

    [Fact]
    public void Errors_are_counted_apart_and_never_among_the_measurements()
    {
        var result = Run(Metrics.Latency() with { FailureLimit = 5, InconclusiveLimit = 5 }, "SSEFIEES");

        Assert.Equal((5, 3, 1, 1, 3), (result.Count, result.Successful, result.Failed, result.Inconclusive, result.Error));
        Assert.Equal((0, 1), (result.ConsecutiveError, result.ConsecutiveSuccess));
    }

    [Theory]
    [InlineData(null, 1, 'S')]
    [InlineData(60, 0, 'R')]
    public void Without_an_interval_one_measurement_is_all(int? interval, int count, char phase)
    {
        var metric = Metrics.Latency() with { IntervalSeconds = interval, Count = count == 0 ? null : count };

        Assert.Equal(Metrics.Phase(phase), Run(metric, "S").Phase);
        Assert.Equal(Metrics.Phase(phase), Run(metric with { Count = null }, "S").Phase);
        Assert.Equal(AnalysisPhase.Running, Run(metric, "E").Phase);
    }

    [Theory]
    [InlineData('S', 60, 60)]
    [InlineData('F', 60, 60)]
    [InlineData('I', 60, 60)]
    [InlineData('E', 60, 10)]
    [InlineData('E', 5, 10)]
    [InlineData('E', null, 10)]
    public void Next_measurement_is_due_an_interval_after_the_last_and_after_an_error_ten_seconds(char last, int? interval, int seconds)
    {
        var metric = Metrics.Latency() with { IntervalSeconds = interval, FailureLimit = 9, InconclusiveLimit = 9 };
        var measurement = Measured(last, Metrics.Start.AddMinutes(7));

        var result = MetricMachine.Take(metric, MetricMachine.Start(metric, Metrics.Start), measurement);

        Assert.Equal(measurement.Finished.AddSeconds(seconds), result.NextDue);
    }

    [Fact]
    public void First_measurement_is_due_after_the_initial_delay()
    {
        var start = MetricMachine.Start(Metrics.Latency() with { InitialDelaySeconds = 90, DryRun = true }, Metrics.Start);

        Assert.Equal((AnalysisPhase.Pending, Metrics.Start.AddSeconds(90), true), (start.Phase, start.NextDue!.Value, start.DryRun));
    }

    [Fact]
    public void Last_ten_measurements_are_kept()
    {
        var result = Run(Metrics.Latency(), "SSSSSSSSSSSSSSS");

        Assert.Equal((15, MetricMachine.Retention), (result.Count, result.Measurements.Length));
        Assert.Equal(Metrics.Start.AddMinutes(14), result.Measurements[^1].Started);
        Assert.Equal(Metrics.Start.AddMinutes(5), result.Measurements[0].Started);
    }

    [Theory]
    [InlineData("", 'S', "the rollout moved on before the first measurement")]
    [InlineData("S", 'S', "the rollout moved on, 1 successful and 0 failed")]
    [InlineData("SFE", 'S', "the rollout moved on, 1 successful and 1 failed")]
    [InlineData("EEE", 'I', "the rollout moved on without a successful measurement")]
    [InlineData("F", 'I', "the rollout moved on without a successful measurement")]
    [InlineData("I", 'I', "the rollout moved on without a successful measurement")]
    public void Metric_that_is_ended_is_taken_as_it_stands(string measured, char phase, string why)
    {
        var result = MetricMachine.Terminate(Run(Metrics.Latency() with { FailureLimit = 3, InconclusiveLimit = 3 }, measured), "the rollout moved on");

        Assert.Equal((Metrics.Phase(phase), why, null), (result.Phase, result.Message, result.NextDue));
    }

    [Theory]
    [InlineData("SSS")]
    [InlineData("F")]
    [InlineData("I")]
    [InlineData("EEEEE")]
    public void Metric_that_ended_never_changes(string measured)
    {
        var metric = Metrics.Latency() with { Count = 3 };
        var ended = Run(metric, measured);

        Assert.True(MetricMachine.HasEnded(ended.Phase));
        Assert.Same(ended, MetricMachine.Take(metric, ended, Measured('F', Metrics.Start)));
        Assert.Same(ended, MetricMachine.Terminate(ended, "late"));
    }

    [Theory]
    [InlineData(AnalysisPhase.Pending)]
    [InlineData(AnalysisPhase.Running)]
    public void Measurement_that_is_not_over_is_none(AnalysisPhase phase) => Assert.Throws<ArgumentException>(
        () => MetricMachine.Take(Metrics.Latency(), MetricMachine.Start(Metrics.Latency(), Metrics.Start), new() { Phase = phase }));

    private static MetricResult Run(AnalysisMetric metric, string measured) => measured
        .Select((letter, i) => Measured(letter, Metrics.Start.AddMinutes(i)))
        .Aggregate(MetricMachine.Start(metric, Metrics.Start), (result, measurement) => MetricMachine.Take(metric, result, measurement));

    private static Measurement Measured(char letter, DateTimeOffset at) =>
        MeasurementJudge.Judge(Metrics.Latency(), Metrics.Coming(Metrics.Phase(letter), at), at.AddSeconds(1));
}
