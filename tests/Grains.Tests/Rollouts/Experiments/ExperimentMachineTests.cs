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
    public void Slot_is_the_mean_over_the_cameras_of_all_that_both_looked_at()
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
        Assert.Equal((2, 3, first.AddMinutes(2)), (tally.Slots, tally.Pairs, counted.Standing.MeasuredUntil));
        Assert.Equal((((10 + 60) / 2.0) + 20) / 2, tally.Mean, 9);
        Assert.Equal((((20 + 0) / 2.0) + 50) / 2, tally.MeanOfA, 9);
        Assert.Equal(ExperimentPhase.Running, counted.Progress.Phase);
        Assert.Equal("Nothing is said before 100 slots of 60 seconds; there are 2.", counted.Standing.Sentence);

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

    // Whether B is worse is said at once, anything else not before the shortest time.
    [Theory]
    [InlineData(-20, 1, ExperimentVerdict.BIsDifferent, ExperimentVerdict.None)]
    [InlineData(-20, 24, ExperimentVerdict.BIsDifferent, ExperimentVerdict.BIsDifferent)]
    [InlineData(0, 1, ExperimentVerdict.NoDifference, ExperimentVerdict.None)]
    [InlineData(0, 24, ExperimentVerdict.NoDifference, ExperimentVerdict.NoDifference)]
    public void Nothing_good_is_said_before_the_shortest_time(double mean, int hours, ExperimentVerdict found, ExperimentVerdict said)
    {
        var row = With(Running(), new() { Slots = 5000, Mean = mean, Squares = 5000 });

        var counted = ExperimentMachine.Count(row, [], Start.AddHours(hours), Start.AddHours(hours));

        Assert.Equal(found, ExperimentJudge.Verdict(counted.Standing.Results));
        Assert.Equal(said, counted.Progress.Verdict);
        Assert.Equal(said == ExperimentVerdict.None, counted.Standing.Sentence.StartsWith("Before 24 hours nothing is said", StringComparison.Ordinal));
    }

    [Fact]
    public void That_B_is_worse_is_said_at_once()
    {
        var running = Running();
        var row = With(
            running with { Plan = running.Plan with { Metrics = [new() { Measure = AnalysisMeasure.ErrorRate, MinimumEffect = 1 }] } },
            new() { Slots = 500, Mean = 20, Squares = 500 });

        var counted = ExperimentMachine.Count(row, [], Start.AddHours(1), Start.AddHours(1));

        Assert.Equal((ExperimentPhase.Concluded, ExperimentVerdict.BIsWorse), (counted.Progress.Phase, counted.Progress.Verdict));
    }

    [Theory]
    [InlineData(7 * 24 - 1, ExperimentVerdict.None)]
    [InlineData(7 * 24, ExperimentVerdict.Undecided)]
    public void Its_time_is_over_at_last(int hours, ExperimentVerdict expected)
    {
        var row = With(Running(), new() { Slots = 100, Mean = 4, Squares = 100_000 });

        Assert.Equal(expected, ExperimentMachine.Count(row, [], Start.AddHours(hours), Start.AddHours(hours)).Progress.Verdict);
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

    private static Experiment With(Experiment row, ExperimentTally tally) =>
        row with { Standing = row.Standing with { Results = [row.Standing.Results[0] with { Tally = tally }] } };

    private static TrialSample Sample(Guid deployment, Guid camera, DateTimeOffset at, int empty) =>
        TrialRows.Sample(Guid.NewGuid(), deployment, camera, at, new() { WatchedSeconds = 7, FramesInferred = 100, EmptyFrames = empty });

    private static Rollout RolloutIn(RolloutPhase phase, int step) =>
        new() { Steps = [new(), new() { Kind = RolloutStepKind.Pause }], Progress = new() { Phase = phase, Step = step, Reason = "So." } };

    private Experiment Running() => ExperimentMachine.Look(_row, RolloutIn(RolloutPhase.Progressing, 1), Start);
}
