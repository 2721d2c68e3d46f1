using FsCheck.Xunit;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts.Waves;

namespace OrleansAiFleet.Grains.Tests.Rollouts.Waves;

public sealed class WaveMachinePropertyTests
{
    [Property(MaxTest = 500)]
    public void Never_more_sites_are_under_way_than_may_be(byte[] plan, byte[] events)
    {
        var walk = Walk(plan, events);

        Assert.All(All(walk), state => Assert.True(
            state.Sites.Count(site => WaveTransitions.IsUnderWay(site.State)) <= walk.Settings.MaxConcurrentSites));
    }

    [Property(MaxTest = 500)]
    public void No_site_begins_before_all_waves_before_its_own_are_settled(byte[] plan, byte[] events)
    {
        var walk = Walk(plan, events);
        foreach (var (before, after) in All(walk).Zip(All(walk).Skip(1)))
        {
            var begun = after.Sites.Zip(before.Sites)
                .Where(pair => pair is { First.State: FleetSiteState.Starting, Second.State: FleetSiteState.Waiting }).Select(pair => pair.First);
            Assert.All(begun, site => Assert.All(
                after.Sites.Where(other => other.Wave < site.Wave), other => Assert.True(WaveTransitions.IsSettled(other.State))));
        }
    }

    [Property(MaxTest = 500)]
    public void Told_to_bring_all_back_from_wherever_it_is_every_site_ends_as_it_was(byte[] plan, byte[] events)
    {
        var walk = Walk(plan, events);
        if (walk.State.Progress.Phase != FleetRolloutPhase.Returned)
        {
            walk.Tell(FleetRolloutCommand.AbortAll);
        }

        walk.AllIsWell();

        Assert.Equal(FleetRolloutPhase.Returned, walk.State.Progress.Phase);
        Assert.All(
            walk.State.Sites.Where(site => site.State != FleetSiteState.LeftAsIs), site => Assert.True(walk.IsAsBefore(site), $"{site}"));
    }

    [Property(MaxTest = 500)]
    public void A_silo_that_dies_at_any_point_changes_no_decision(byte[] plan, byte[] events)
    {
        var (one, other) = (new WaveWalk(plan), new WaveWalk(plan));
        foreach (var happens in events)
        {
            one.Take(happens);
            other.Take(happens);
            other.Revive();
        }

        Assert.Equal(one.State.Progress, other.State.Progress);
        Assert.True(RowEquality.Same(one.State.Sites, other.State.Sites));
    }

    [Property(MaxTest = 500)]
    public void It_can_be_ended_wherever_it_is_and_phases_follow_each_other_as_the_table_says(byte[] plan, byte[] events)
    {
        var walk = Walk(plan, events);

        Assert.All(All(walk), state => Assert.Equal(
            state.Progress.Phase != FleetRolloutPhase.Returned, WaveTransitions.May(state.Progress, FleetRolloutCommand.AbortAll)));
        var phases = All(walk).Select(state => state.Progress.Phase).ToList();
        Assert.All(phases.Zip(phases.Skip(1)), pair => Assert.True(
            pair.First == pair.Second || WaveTransitions.May(pair.First, pair.Second), $"{pair.First} to {pair.Second}"));
    }

    [Property(MaxTest = 300)]
    public void A_person_who_says_yes_as_often_as_asked_brings_it_to_an_end(byte[] plan)
    {
        var walk = new WaveWalk(plan);
        for (var i = 0; i < 12; i++)
        {
            walk.AllIsWell();
            walk.Tell(FleetRolloutCommand.Resume);
        }

        Assert.Equal(FleetRolloutPhase.Succeeded, walk.State.Progress.Phase);
        Assert.All(walk.State.Sites, site => Assert.Equal(FleetSiteState.Succeeded, site.State));
    }

    [Property(MaxTest = 300)]
    public void What_a_person_paused_begins_no_site(byte[] plan, byte[] before, byte[] after)
    {
        var walk = Walk(plan, before);
        walk.Tell(FleetRolloutCommand.Pause);
        var (paused, waiting) = (walk.State.Progress, Waiting(walk));
        foreach (var happens in after.Where(happens => happens % 6 > 0))
        {
            walk.Take(happens);
        }

        if (paused.Hold == FleetRolloutHold.Paused)
        {
            Assert.Equal((paused, waiting), (walk.State.Progress, Waiting(walk)));
        }
    }

    private static int Waiting(WaveWalk walk) => walk.State.Sites.Count(site => site.State == FleetSiteState.Waiting);

    private static List<WaveState> All(WaveWalk walk) => [.. walk.Past.Select(past => past.State), walk.State];

    private static WaveWalk Walk(byte[] plan, byte[] events)
    {
        var walk = new WaveWalk(plan);
        foreach (var happens in events)
        {
            walk.Take(happens);
        }

        return walk;
    }
}
