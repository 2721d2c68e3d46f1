using FsCheck.Xunit;

using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

public sealed class RolloutMachinePropertyTests
{
    [Property(MaxTest = 500)]
    public void There_is_a_way_back_from_wherever_it_comes_to(byte[] plan, byte[] events)
    {
        var walk = Walk(plan, events);

        Assert.All([.. walk.Past, walk.Progress], progress =>
        {
            if (RolloutTransitions.IsFinal(progress.Phase))
            {
                return;
            }

            var back = RolloutMachine.Take(progress, walk.Settings, RolloutCommand.RollBack, "Enough.", progress.Since);
            Assert.Equal((RolloutPhase.RollingBack, 0, RolloutHold.None), (back.Phase, back.Weight, back.Hold));
        });
    }

    [Property(MaxTest = 500)]
    public void Phases_follow_each_other_as_the_table_says_and_the_end_is_the_end(byte[] plan, byte[] events)
    {
        var walk = Walk(plan, events);

        var phases = walk.Past.Append(walk.Progress).Select(progress => progress.Phase).ToList();
        Assert.All(phases.Zip(phases.Skip(1)), pair => Assert.True(
            pair.First == pair.Second || RolloutTransitions.May(pair.First, pair.Second), $"{pair.First} to {pair.Second}"));
    }

    [Property(MaxTest = 500)]
    public void Cameras_are_shared_out_whole_and_all_of_them_where_it_ends(byte[] plan, byte[] events)
    {
        var walk = Walk(plan, events);

        Assert.All([.. walk.Past, walk.Progress], progress =>
        {
            Assert.InRange(progress.Weight, 0, 100);
            Assert.InRange(progress.Step, 0, walk.Settings.Steps.Count);
            Assert.NotEmpty(progress.Reason);
            Assert.True(
                progress.Phase switch
                {
                    RolloutPhase.Pending or RolloutPhase.RollingBack or RolloutPhase.RolledBack => progress is { Weight: 0, Shadow: 0 },
                    RolloutPhase.Promoting or RolloutPhase.Succeeded => progress is { Weight: 100, Shadow: 0 },
                    _ => true,
                },
                $"{progress}");
        });
    }

    [Property(MaxTest = 500)]
    public void A_candidate_is_promoted_once_at_most(byte[] plan, byte[] events)
    {
        var walk = Walk(plan, events);

        var phases = walk.Past.Append(walk.Progress).Select(progress => progress.Phase).ToList();
        Assert.InRange(phases.Zip(phases.Skip(1)).Count(pair => pair.First != pair.Second && pair.Second == RolloutPhase.Promoting), 0, 1);
    }

    [Property(MaxTest = 300)]
    public void A_silo_that_dies_at_any_point_changes_nothing(byte[] plan, byte[] events)
    {
        var (one, other) = (new RolloutWalk(plan), new RolloutWalk(plan));
        foreach (var happens in events)
        {
            one.Take(happens);
            other.Revive();
            other.Take(happens);
            Assert.Equal(one.Progress, other.Progress);
        }
    }

    [Property(MaxTest = 300)]
    public void Where_all_is_well_it_ends_well_or_waits_for_a_person(byte[] plan)
    {
        var walk = new RolloutWalk(plan);

        walk.AllIsWell();

        Assert.True(
            walk.Progress is { Phase: RolloutPhase.Succeeded } or { Phase: RolloutPhase.Progressing, Hold: RolloutHold.AwaitsPerson },
            $"{walk.Progress}");
        Assert.Equal(
            walk.Settings.PromotesItself && walk.Settings.Steps.All(step => step.Kind != RolloutStepKind.Pause || step.DurationSeconds is not null),
            walk.Progress.Phase == RolloutPhase.Succeeded);
    }

    [Property(MaxTest = 300)]
    public void A_person_who_says_yes_as_often_as_asked_brings_it_to_its_end(byte[] plan)
    {
        var walk = new RolloutWalk(plan);
        for (var i = 0; i < 12; i++)
        {
            walk.AllIsWell();
            if (!RolloutTransitions.IsFinal(walk.Progress.Phase))
            {
                walk.Progress = RolloutMachine.Take(walk.Progress, walk.Settings, RolloutCommand.Resume, "Go on.", walk.Progress.Since);
            }
        }

        Assert.Equal(RolloutPhase.Succeeded, walk.Progress.Phase);
    }

    [Property(MaxTest = 300)]
    public void What_a_person_froze_stays_whatever_is_seen(byte[] plan, byte[] before, byte[] after)
    {
        var walk = Walk(plan, before);
        if (RolloutTransitions.IsFinal(walk.Progress.Phase))
        {
            return;
        }

        var frozen = walk.Progress = RolloutMachine.Take(walk.Progress, walk.Settings, RolloutCommand.Freeze, "Let me look.", walk.Progress.Since);
        foreach (var happens in after.Where(happens => happens % 8 > 0))
        {
            walk.Take(happens);
        }

        Assert.Equal(frozen, walk.Progress);
    }

    private static RolloutWalk Walk(byte[] plan, byte[] events)
    {
        var walk = new RolloutWalk(plan);
        foreach (var happens in events)
        {
            walk.Take(happens);
        }

        return walk;
    }
}
