using FsCheck.Xunit;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

/// <summary>When a rollout is measured.</summary>
public sealed class RolloutSlotsTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 3, TimeSpan.Zero);

    private static readonly Deployment Silent = new() { MonitoringEnabled = false };

    private static readonly AnalysisMetric Errors = new()
    {
        Name = "errors", Measure = AnalysisMeasure.ErrorRate, IntervalSeconds = 20, FailureCondition = "result > 5", OnNoData = NoDataPolicy.Pass,
    };

    private static readonly Rollout Row = new()
    {
        Id = Guid.NewGuid(), StableDeploymentId = Guid.NewGuid(), SlotSeconds = 5, Steps = [Step(Errors)],
        Progress = new() { Phase = RolloutPhase.Progressing, Since = Start, Weight = 50 }, CandidateCameras = [Guid.NewGuid()],
    };

    [Theory]
    [InlineData(2, null, 1)]
    [InlineData(20, null, 5)]
    [InlineData(30, null, 6)]
    [InlineData(31, null, 7)]
    [InlineData(45, null, 9)]
    [InlineData(300, null, 75)]
    [InlineData(86_400, null, 600)]
    [InlineData(null, 0, 1)]
    [InlineData(null, 3600, 60)]
    public void Slots_are_a_part_of_the_shortest_interval(int? interval, int? delay, int slot)
    {
        var metric = Errors with { IntervalSeconds = interval, InitialDelaySeconds = delay ?? 0 };

        Assert.Equal(slot, RolloutAnalysis.SlotSeconds(Row with { Steps = [], Analysis = [metric] }, Silent));
        Assert.Equal(slot, RolloutAnalysis.SlotSeconds(Row with { Steps = [Step(metric)] }, Silent));
    }

    [Theory]
    [InlineData(30, 0, 6)]
    [InlineData(45, 0, 5)]
    [InlineData(100, 0, 5)]
    [InlineData(30, 10, 5)]
    [InlineData(37, 0, 7)]
    [InlineData(37, 10, 7)]
    public void Slots_fill_every_interval_where_they_can(int other, int compared, int slot)
    {
        var row = Row with
        {
            Steps = [], Analysis = [Errors with { IntervalSeconds = 30 }, Errors with { IntervalSeconds = other }], CompareSlotSeconds = compared,
        };

        Assert.Equal(slot, RolloutAnalysis.SlotSeconds(row, Silent));
    }

    [Theory]
    [InlineData(0, false, 0)]
    [InlineData(0, true, 5)]
    [InlineData(60, false, 60)]
    [InlineData(60, true, 5)]
    [InlineData(3, true, 3)]
    public void Whoever_else_compares_has_slots_as_short_as_needed(int compared, bool hasMetric, int seconds)
    {
        var row = Row with { Steps = hasMetric ? Row.Steps : [], CompareSlotSeconds = compared };

        Assert.Equal(seconds, RolloutAnalysis.SlotSeconds(row, Silent));
    }

    // Looked at late every time, by anything up to what a sweep of many rollouts takes.
    [Property]
    public void Measurements_that_are_taken_late_do_not_come_later_and_later(byte[] lateness)
    {
        var row = RolloutAnalysis.Prepare(Row with { Steps = [Step(Errors with { FailureLimit = 100 })] }, Silent, Start);
        for (var i = 0; i < Math.Min(lateness.Length, 9); i++)
        {
            var due = Start.AddSeconds(22 + (20 * i)) + RolloutAnalysis.Settling;
            Assert.Equal(due, RolloutAnalysis.NextDue(row, due.AddSeconds(-9)));
            Assert.Null(RolloutAnalysis.NeedsFrom(row, due.AddMilliseconds(-1)));
            row = Measured(row, due.AddSeconds(lateness[i] % 48 / 10.0), errors: 10);
            Assert.Equal(due, row.StepRun!.Results[0].Measurements[^1].Finished);
        }

        Assert.Equal(Math.Min(lateness.Length, 9), row.StepRun!.Results[0].Failed);
    }

    [Fact]
    public void What_could_not_be_measured_is_tried_again_ten_seconds_after_it_was()
    {
        var row = RolloutAnalysis.Prepare(Row with { Steps = [Step(Errors with { OnNoData = NoDataPolicy.Error })] }, Silent, Start);
        var late = Start.AddSeconds(24);

        row = RolloutAnalysis.Measure(row, [], [], late);

        var measured = row.StepRun!.Results[0].Measurements[^1];
        Assert.Equal((AnalysisPhase.Error, late), (measured.Phase, measured.Finished));
        Assert.Equal(late.AddSeconds(10), RolloutAnalysis.NextDue(row, late));
    }

    [Theory]
    [InlineData(RolloutHold.None, true)]
    [InlineData(RolloutHold.AwaitsPerson, true)]
    [InlineData(RolloutHold.Frozen, false)]
    [InlineData(RolloutHold.Maintenance, false)]
    public void What_is_halted_is_not_measured(RolloutHold hold, bool isMeasured)
    {
        var row = RolloutAnalysis.Prepare(Row, Silent, Start);

        Assert.Equal(isMeasured, RolloutAnalysis.NextDue(row with { Progress = row.Progress with { Hold = hold } }, Start) is not null);
        Assert.Null(RolloutAnalysis.NextDue(RolloutAnalysis.Prepare(Row with { Steps = [] }, Silent, Start), Start));
    }

    private static Rollout Measured(Rollout row, DateTimeOffset now, int errors)
    {
        var slot = RolloutAnalysis.Until(row, now).AddSeconds(-row.SlotSeconds);
        var sample = TrialRows.Sample(row.Id, row.Id, row.CandidateCameras[0], slot, new() { FramesInferred = 100 - errors, Errors = errors });
        return RolloutAnalysis.Measure(row, [sample], [], now);
    }

    private static RolloutStep Step(AnalysisMetric metric) => new() { Kind = RolloutStepKind.Analysis, Metrics = [metric] };
}
