using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;

namespace OrleansAiFleet.Grains.Tests.Rollouts.Experiments;

public sealed class ExperimentMachineTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 7, TimeSpan.Zero);
    private static readonly Guid Gate = Guid.NewGuid();

    private readonly Experiment _row = ExperimentMachine.Start(
        new()
        {
            Id = Guid.NewGuid(), Name = " Helmets ", DeploymentId = Guid.NewGuid(), ModelId = Guid.NewGuid(),
            Plan = new() { Weight = 50, SlotSeconds = 60, Metrics = [new() { Measure = AnalysisMeasure.EmptyFrameShare, MinimumEffect = 5 }] },
        },
        Guid.NewGuid(),
        Start);

    [Theory]
    [InlineData(RolloutPhase.Pending, 0, ExperimentPhase.Pending)]
    [InlineData(RolloutPhase.Progressing, 0, ExperimentPhase.Pending)]
    [InlineData(RolloutPhase.Progressing, 1, ExperimentPhase.Running)]
    [InlineData(RolloutPhase.Progressing, 2, ExperimentPhase.Running)]
    [InlineData(RolloutPhase.Promoting, 2, ExperimentPhase.Overtaken)]
    [InlineData(RolloutPhase.Succeeded, 2, ExperimentPhase.Overtaken)]
    [InlineData(RolloutPhase.RollingBack, 0, ExperimentPhase.Overtaken)]
    [InlineData(RolloutPhase.RolledBack, 0, ExperimentPhase.Overtaken)]
    public void It_follows_its_rollout(RolloutPhase phase, int step, ExperimentPhase expected)
    {
        var next = ExperimentMachine.Look(_row, RolloutIn(phase, step), Start);

        Assert.Equal((expected, "Helmets"), (next.Progress.Phase, next.Name));
        Assert.Equal(expected == ExperimentPhase.Running ? Start.AddSeconds(53) : null, next.Standing.MeasuredUntil);
    }

    [Fact]
    public void What_is_over_follows_nothing()
    {
        var over = Running() with { Progress = new() { Phase = ExperimentPhase.Concluded } };

        Assert.Same(over, ExperimentMachine.Look(over, RolloutIn(RolloutPhase.RolledBack, 0), Start));
        Assert.Null(ExperimentMachine.Span(over, 60, Start.AddHours(1)));
        Assert.Throws<FleetRefusedException>(() => ExperimentMachine.Stop(over, "x", null, Start));
    }

    [Fact]
    public void Only_slots_whose_rows_are_all_there_are_counted_and_no_more_than_one_look_can()
    {
        var row = Running();
        var first = Start.AddSeconds(53);

        // A slot, five seconds, and as long as one of the rollout's may reach beyond it.
        Assert.Null(ExperimentMachine.Span(row, 7, first.AddSeconds(71)));
        Assert.Equal((first, first.AddMinutes(1)), ExperimentMachine.Span(row, 7, first.AddSeconds(72)));
        Assert.Equal((first, first.AddMinutes(30)), ExperimentMachine.Span(row, 7, first.AddDays(1)));
        Assert.Null(ExperimentMachine.Span(_row, 7, first.AddDays(1)));
    }

    [Fact]
    public void Pair_is_all_that_both_looked_at_on_one_camera_in_one_slot()
    {
        var row = Running();
        var first = Start.AddSeconds(53);
        TrialSample[] samples =
        [
            .. Both(Gate, first, 10, 20), .. Both(Gate, first.AddSeconds(7), 30, 40),

            // The other one did not look.
            Sample(row.Id, Gate, first.AddSeconds(14), 100), Sample(row.DeploymentId, Gate, first.AddSeconds(21), 0),

            // Begins in the slot and reaches beyond it.
            .. Both(Gate, first.AddSeconds(56), 20, 30),
            .. Both(Gate, first.AddSeconds(63), 50, 70),
            .. Both(Guid.NewGuid(), first, 0, 60),
        ];

        var counted = ExperimentMachine.Count(row, samples, first.AddMinutes(2), first.AddMinutes(3));

        var tally = counted.Standing.Results[0].Tally;
        Assert.Equal((3, first.AddMinutes(2)), (tally.Pairs, counted.Standing.MeasuredUntil));
        Assert.Equal((10 + 20 + 60) / 3.0, tally.Mean, 9);
        Assert.Equal((20 + 50 + 0) / 3.0, tally.MeanOfA, 9);
        Assert.Equal(ExperimentPhase.Running, counted.Progress.Phase);
        Assert.Equal("Nothing is said before 100 pairs of one camera in 60 seconds; there are 3.", counted.Standing.Sentence);

        TrialSample[] Both(Guid camera, DateTimeOffset at, int a, int b) => [Sample(row.DeploymentId, camera, at, a), Sample(row.Id, camera, at, b)];
    }

    [Fact]
    public void Counting_in_one_go_or_slot_by_slot_is_the_same()
    {
        var row = Running();
        var first = Start.AddSeconds(53);
        var random = new Random(5);
        TrialSample[] samples =
        [
            .. Enumerable.Range(0, 20).SelectMany(slot => new[] { row.Id, row.DeploymentId }
                .Select(deployment => Sample(deployment, Gate, first.AddMinutes(slot), random.Next(100)))),
        ];

        var whole = ExperimentMachine.Count(row, samples, first.AddMinutes(20), Start.AddHours(1));
        var bit = Enumerable.Range(0, 20).Aggregate(row, (before, slot) => ExperimentMachine.Count(
            before, [.. samples.Where(sample => sample.Start == first.AddMinutes(slot))], first.AddMinutes(slot + 1), Start.AddHours(1)));

        Assert.Equal(whole.Standing.Results[0], bit.Standing.Results[0]);
    }

    [Theory]
    [InlineData(ExperimentConsequence.Wait, ExperimentVerdict.BIsBetter, null)]
    [InlineData(ExperimentConsequence.Wait, ExperimentVerdict.BIsWorse, null)]
    [InlineData(ExperimentConsequence.KeepA, ExperimentVerdict.BIsBetter, RolloutCommand.RollBack)]
    [InlineData(ExperimentConsequence.PromoteWinner, ExperimentVerdict.BIsBetter, RolloutCommand.Promote)]
    [InlineData(ExperimentConsequence.PromoteWinner, ExperimentVerdict.BIsWorse, RolloutCommand.RollBack)]
    [InlineData(ExperimentConsequence.PromoteWinner, ExperimentVerdict.BIsDifferent, RolloutCommand.RollBack)]
    [InlineData(ExperimentConsequence.PromoteWinner, ExperimentVerdict.NoDifference, RolloutCommand.RollBack)]
    [InlineData(ExperimentConsequence.PromoteWinner, ExperimentVerdict.Undecided, RolloutCommand.RollBack)]
    public void Consequence_is_what_was_declared(ExperimentConsequence onVerdict, ExperimentVerdict verdict, RolloutCommand? expected) =>
        Assert.Equal(expected, ExperimentMachine.Consequence(_row with
        {
            Plan = _row.Plan with { OnVerdict = onVerdict }, Progress = new() { Phase = ExperimentPhase.Concluded, Verdict = verdict },
        }));

    [Theory]
    [InlineData(ExperimentPhase.Pending, null)]
    [InlineData(ExperimentPhase.Running, null)]
    [InlineData(ExperimentPhase.Overtaken, null)]
    [InlineData(ExperimentPhase.Stopped, RolloutCommand.RollBack)]
    public void Without_a_verdict_nothing_is_promoted(ExperimentPhase phase, RolloutCommand? expected) => Assert.Equal(
        expected,
        ExperimentMachine.Consequence(_row with
        {
            Plan = _row.Plan with { OnVerdict = ExperimentConsequence.PromoteWinner }, Progress = new() { Phase = phase },
        }));

    private static TrialSample Sample(Guid deployment, Guid camera, DateTimeOffset at, int empty) =>
        TrialRows.Sample(Guid.NewGuid(), deployment, camera, at, new() { WatchedSeconds = 7, FramesInferred = 100, EmptyFrames = empty });

    private static Rollout RolloutIn(RolloutPhase phase, int step) =>
        new() { Steps = [new(), new() { Kind = RolloutStepKind.Pause }], Progress = new() { Phase = phase, Step = step, Reason = "So." } };

    private Experiment Running() => ExperimentMachine.Look(_row, RolloutIn(RolloutPhase.Progressing, 1), Start);
}
