using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

public sealed class RolloutMachineTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly RolloutObservation Well = Seen();
    private DateTimeOffset _now = Start;

    [Fact]
    public void Two_hours_of_steps_waits_and_analyses_end_in_a_promotion()
    {
        var settings = Settings(Shadow(), Weight(10), Pause(60), Analysis(), Weight(50), Pause(60), Analysis());
        var progress = RolloutMachine.Start(Start);
        List<(RolloutPhase, int, int, int)> seen = [];
        for (var minute = 0; minute < 130; minute++)
        {
            _now = Start.AddMinutes(minute);
            progress = RolloutMachine.Look(progress, settings, Seen(step: RolloutAdvice.Advance), _now);
            if (seen.LastOrDefault() != (progress.Phase, progress.Step, progress.Weight, progress.Shadow))
            {
                seen.Add((progress.Phase, progress.Step, progress.Weight, progress.Shadow));
            }
        }

        Assert.Equal(
            [
                (RolloutPhase.Progressing, 0, 0, 40), (RolloutPhase.Progressing, 1, 10, 40), (RolloutPhase.Progressing, 2, 10, 40),
                (RolloutPhase.Progressing, 3, 10, 40), (RolloutPhase.Progressing, 4, 50, 40), (RolloutPhase.Progressing, 5, 50, 40),
                (RolloutPhase.Progressing, 6, 50, 40), (RolloutPhase.Promoting, 6, 100, 0), (RolloutPhase.Succeeded, 6, 100, 0),
            ],
            seen);
    }

    [Fact]
    public void It_does_not_begin_before_its_time()
    {
        var settings = Settings(Weight(10)) with { StartsAt = Start.AddHours(1) };
        var progress = RolloutMachine.Start(Start);

        Assert.Equal(progress, RolloutMachine.Look(progress, settings, Well, Start.AddMinutes(59)));
        Assert.Equal(RolloutPhase.Progressing, RolloutMachine.Look(progress, settings, Well, Start.AddHours(1)).Phase);
        Assert.Equal(RolloutPhase.Progressing, RolloutMachine.Take(progress, settings, RolloutCommand.Skip, "Now.", Start).Phase);
    }

    [Fact]
    public void It_does_not_begin_before_every_camera_has_the_candidates_model()
    {
        var settings = Settings(Weight(10)) with { StartsAt = Start.AddHours(1) };
        var progress = RolloutMachine.Start(Start);

        Assert.Equal(progress, RolloutMachine.Look(progress, settings, Seen(serving: 3), Start.AddMinutes(69)));
        Assert.Equal(RolloutPhase.RollingBack, RolloutMachine.Look(progress, settings, Seen(serving: 3), Start.AddMinutes(70)).Phase);
    }

    [Fact]
    public void Cameras_that_are_not_served_in_time_roll_it_back_and_are_counted()
    {
        var settings = Settings(Weight(10));
        var progress = Begun(settings);

        var waits = RolloutMachine.Look(progress, settings, Seen(serving: 1), Start.AddMinutes(9));
        var back = RolloutMachine.Look(progress, settings, Seen(serving: 1), Start.AddMinutes(10));

        Assert.Equal(progress, waits);
        Assert.Equal((RolloutPhase.RollingBack, 0), (back.Phase, back.Weight));
        Assert.Equal("3 of 4 cameras were not served after 600 seconds.", back.Reason);
    }

    [Theory]
    [InlineData(RolloutAdvice.Wait, RolloutPhase.Progressing, RolloutHold.None)]
    [InlineData(RolloutAdvice.Advance, RolloutPhase.Promoting, RolloutHold.None)]
    [InlineData(RolloutAdvice.Hold, RolloutPhase.Progressing, RolloutHold.Inconclusive)]
    [InlineData(RolloutAdvice.RollBack, RolloutPhase.RollingBack, RolloutHold.None)]
    internal void A_steps_analysis_decides_what_follows(RolloutAdvice advice, RolloutPhase phase, RolloutHold hold)
    {
        var settings = Settings(Analysis());

        var progress = RolloutMachine.Look(Begun(settings), settings, Seen(step: advice), Start);

        Assert.Equal((phase, hold), (progress.Phase, progress.Hold));
        Assert.Equal(advice == RolloutAdvice.Wait ? "The rollout begins." : "The step speaks.", progress.Reason);
    }

    [Theory]
    [InlineData(RolloutHold.None, true)]
    [InlineData(RolloutHold.AwaitsPerson, true)]
    [InlineData(RolloutHold.Inconclusive, true)]
    [InlineData(RolloutHold.Frozen, false)]
    public void What_is_bad_rolls_it_back_unless_a_person_froze_it(RolloutHold hold, bool rollsBack)
    {
        var settings = Settings(Weight(10), Pause(60));
        var progress = Begun(settings) with { Hold = hold };

        var seen = RolloutMachine.Look(progress, settings, Seen(always: RolloutAdvice.RollBack), Start);

        Assert.Equal(rollsBack ? RolloutPhase.RollingBack : RolloutPhase.Progressing, seen.Phase);
        Assert.Equal(rollsBack ? "Beside it." : progress.Reason, seen.Reason);
    }

    [Theory]
    [InlineData(RolloutPhase.Pending)]
    [InlineData(RolloutPhase.Progressing)]
    [InlineData(RolloutPhase.Promoting)]
    public void While_its_site_is_worked_on_it_stays_as_it_is_and_takes_its_step_anew_afterwards(RolloutPhase phase)
    {
        var settings = Settings(Weight(10), Pause(60));
        var progress = Begun(settings) with { Phase = phase };
        var worked = Seen(serving: 0, always: RolloutAdvice.RollBack) with { Maintenance = "The gate is rebuilt." };

        var held = RolloutMachine.Look(progress, settings, worked, Start.AddMinutes(1));
        var later = RolloutMachine.Look(held, settings, worked, Start.AddHours(5));
        var over = RolloutMachine.Look(later, settings, Seen(serving: 0), Start.AddHours(6));

        Assert.Equal((phase, RolloutHold.Maintenance, "Maintenance: The gate is rebuilt."), (held.Phase, held.Hold, held.Reason));
        Assert.Equal(held, later);
        Assert.Equal((phase, RolloutHold.None, Start.AddHours(6)), (over.Phase, over.Hold, over.Since));
        Assert.Equal(RolloutPhase.RollingBack, RolloutMachine.Take(held, settings, RolloutCommand.RollBack, "Enough.", Start).Phase);
    }

    [Fact]
    public void What_a_person_holds_stays_theirs_and_what_goes_back_goes_on()
    {
        var settings = Settings(Weight(10), Pause(60));
        var worked = Well with { Maintenance = "The gate is rebuilt." };
        var frozen = Begun(settings) with { Hold = RolloutHold.Frozen };
        var waits = Begun(settings) with { Hold = RolloutHold.AwaitsPerson };
        var back = Begun(settings) with { Phase = RolloutPhase.RollingBack };

        Assert.Equal(frozen, RolloutMachine.Look(frozen, settings, worked, Start));
        Assert.Equal(waits, RolloutMachine.Look(waits, settings, worked, Start));
        Assert.Equal(RolloutPhase.RolledBack, RolloutMachine.Look(back, settings, worked, Start).Phase);
    }

    [Fact]
    public void What_goes_wrong_after_the_switch_has_the_warm_deployment_back()
    {
        var settings = Settings(Weight(100)) with { KeepsWarm = TimeSpan.FromMinutes(5) };
        var promoting = RolloutMachine.Look(Begun(settings), settings, Well, Start);

        Assert.Equal(RolloutPhase.Promoting, promoting.Phase);
        Assert.Equal(promoting, RolloutMachine.Look(promoting, settings, Well, Start.AddMinutes(4)));
        Assert.Equal(RolloutPhase.RollingBack, RolloutMachine.Look(promoting, settings, Seen(always: RolloutAdvice.RollBack), Start.AddMinutes(4)).Phase);
        Assert.Equal(RolloutPhase.Succeeded, RolloutMachine.Look(promoting, settings, Well, Start.AddMinutes(5)).Phase);
    }

    [Fact]
    public void What_cannot_be_told_after_the_switch_keeps_the_stable_deployment_warm()
    {
        var settings = Settings(Weight(100)) with { KeepsWarm = TimeSpan.FromMinutes(5) };
        var promoting = RolloutMachine.Look(Begun(settings), settings, Well, Start);

        var held = RolloutMachine.Look(promoting, settings, Seen(always: RolloutAdvice.Hold), Start.AddMinutes(4));

        Assert.Equal((RolloutPhase.Promoting, RolloutHold.Inconclusive, "Beside it."), (held.Phase, held.Hold, held.Reason));
        Assert.Equal(held, RolloutMachine.Look(held, settings, Well, Start.AddHours(5)));
        var skipped = RolloutMachine.Take(held, settings, RolloutCommand.Skip, "It is well.", Start);
        Assert.Equal(RolloutPhase.Succeeded, RolloutMachine.Look(skipped, settings, Well, Start).Phase);
    }

    [Fact]
    public void Skipped_warm_time_ends_the_stable_deployment_once_every_camera_is_served_and_no_sooner()
    {
        var settings = Settings(Weight(100)) with { KeepsWarm = TimeSpan.FromMinutes(5) };
        var promoting = RolloutMachine.Look(Begun(settings), settings, Well, Start);

        var skipped = RolloutMachine.Take(promoting, settings, RolloutCommand.Skip, "It is well.", Start);

        Assert.Equal(RolloutPhase.Promoting, skipped.Phase);
        Assert.Equal(skipped, RolloutMachine.Look(skipped, settings, Seen(serving: 3), Start.AddMinutes(1)));
        Assert.Equal(RolloutPhase.Succeeded, RolloutMachine.Look(skipped, settings, Well, Start.AddMinutes(1)).Phase);
        Assert.Equal(RolloutPhase.RollingBack, RolloutMachine.Look(skipped, settings, Seen(serving: 3), Start.AddHours(1)).Phase);
    }

    [Fact]
    public void Roll_back_ends_when_the_stable_deployment_serves_again()
    {
        var settings = Settings(Weight(50));
        var back = RolloutMachine.Take(Begun(settings), settings, RolloutCommand.RollBack, "Too many false alarms.", Start);

        Assert.Equal(back, RolloutMachine.Look(back, settings, Seen(serving: 3), Start.AddMinutes(9)));
        var end = RolloutMachine.Look(back, settings, Well, Start.AddMinutes(1));
        Assert.Equal((RolloutPhase.RolledBack, "Too many false alarms."), (end.Phase, end.Reason));
        Assert.Equal(RolloutPhase.RolledBack, RolloutMachine.Look(back, settings, Seen(serving: 3), Start.AddMinutes(10)).Phase);
    }

    [Fact]
    public void A_plan_that_wants_a_persons_word_gets_it()
    {
        var settings = Settings(Weight(10), new RolloutStep { Kind = RolloutStepKind.Pause }) with { PromotesItself = false };
        var progress = RolloutMachine.Look(Begun(settings), settings, Well, Start);
        var waits = RolloutMachine.Look(progress, settings, Well, Start);
        var last = RolloutMachine.Take(waits, settings, RolloutCommand.Resume, "Go on.", Start);
        var promoted = RolloutMachine.Take(last, settings, RolloutCommand.Resume, "It is good.", Start);

        Assert.Equal((1, RolloutHold.AwaitsPerson), (waits.Step, waits.Hold));
        Assert.Equal((2, RolloutHold.AwaitsPerson), (last.Step, last.Hold));
        Assert.Equal(last, RolloutMachine.Look(last, settings, Well, Start.AddDays(3)));
        Assert.Equal((RolloutPhase.Promoting, "It is good."), (promoted.Phase, promoted.Reason));
    }

    [Fact]
    public void What_was_held_begins_its_step_anew_when_it_goes_on()
    {
        var settings = Settings(Analysis());
        var held = RolloutMachine.Look(Begun(settings), settings, Seen(step: RolloutAdvice.Hold), Start);

        var resumed = RolloutMachine.Take(held, settings, RolloutCommand.Resume, "Measure again.", Start.AddHours(1));

        Assert.Equal((RolloutHold.None, Start.AddHours(1), 0), (resumed.Hold, resumed.Since, resumed.Step));
    }

    [Theory]
    [InlineData(RolloutPhase.Succeeded, RolloutCommand.RollBack)]
    [InlineData(RolloutPhase.RolledBack, RolloutCommand.Freeze)]
    [InlineData(RolloutPhase.RollingBack, RolloutCommand.Promote)]
    public void Command_that_comes_too_late_is_refused_with_the_phase(RolloutPhase phase, RolloutCommand command)
    {
        var refused = Assert.Throws<FleetRefusedException>(
            () => RolloutMachine.Take(new() { Phase = phase }, Settings(), command, "Please.", Start));

        Assert.Equal(RefusalKind.Conflict, refused.Kind);
        Assert.Contains(phase.ToString(), refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RolloutPhase.Promoting, RolloutCommand.Promote)]
    [InlineData(RolloutPhase.RollingBack, RolloutCommand.RollBack)]
    public void Telling_it_again_changes_nothing(RolloutPhase phase, RolloutCommand command)
    {
        var progress = new RolloutProgress { Phase = phase, Since = Start, Reason = "Told before." };

        Assert.Equal(progress, RolloutMachine.Take(progress, Settings(), command, "Again.", Start.AddHours(1)));
    }

    private static RolloutProgress Begun(RolloutSettings settings) => RolloutMachine.Look(RolloutMachine.Start(Start), settings, Well, Start);

    private static RolloutSettings Settings(params RolloutStep[] steps) => new() { Steps = steps };

    private static RolloutStep Weight(int weight) => new() { Kind = RolloutStepKind.SetWeight, Weight = weight };

    private static RolloutStep Pause(int minutes) => new() { Kind = RolloutStepKind.Pause, DurationSeconds = minutes * 60 };

    private static RolloutStep Analysis() => new() { Kind = RolloutStepKind.Analysis };

    private static RolloutStep Shadow() => new() { Kind = RolloutStepKind.Shadow, Weight = 40 };

    private static RolloutObservation Seen(
        int serving = 4, RolloutAdvice step = RolloutAdvice.Wait, RolloutAdvice always = RolloutAdvice.Wait) =>
        new(4, serving, new(step, "The step speaks."), new(always, "Beside it."));
}
