using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts.Waves;

namespace OrleansAiFleet.Grains.Tests.Rollouts.Waves;

public sealed class WaveMachineTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly WaveObservation Nothing = new(new Dictionary<Guid, SiteSeen>(), new Dictionary<Guid, string>(), new HashSet<Guid>());

    [Theory]
    [InlineData(FailureConsequence.StopAtOnce, FleetRolloutPhase.Moving, FleetRolloutHold.Failures)]
    [InlineData(FailureConsequence.RollBackWave, FleetRolloutPhase.Returning, FleetRolloutHold.None)]
    [InlineData(FailureConsequence.RollBackAll, FleetRolloutPhase.Returning, FleetRolloutHold.None)]
    [InlineData(FailureConsequence.StopAtBarrier, FleetRolloutPhase.Moving, FleetRolloutHold.None)]
    public void One_failed_site_has_the_consequence_that_was_asked_for(
        FailureConsequence then, FleetRolloutPhase phase, FleetRolloutHold hold)
    {
        var next = WaveMachine.Look(
            State(FleetSiteState.Failed, FleetSiteState.Waiting), Settings(new() { Sites = 1, Then = then }), Nothing, Now);

        Assert.Equal((phase, hold), (next.Progress.Phase, next.Progress.Hold));
        Assert.Equal(then == FailureConsequence.RollBackWave ? 0 : null, next.Progress.ReturnsWave);
        Assert.Equal(
            then == FailureConsequence.StopAtBarrier ? FleetSiteState.Starting : FleetSiteState.Waiting, next.Sites[1].State);
    }

    [Theory]
    [InlineData(2, null, 1, 3, false)]
    [InlineData(2, null, 2, 2, true)]
    [InlineData(null, 50, 1, 2, false)]
    [InlineData(null, 50, 2, 2, true)]
    [InlineData(null, null, 4, 0, false)]
    public void Limits_are_reached_by_number_or_by_share_of_those_settled(int? sites, int? percent, int failed, int succeeded, bool isBreach)
    {
        var states = Enumerable.Repeat(FleetSiteState.RolledBack, failed).Concat(Enumerable.Repeat(FleetSiteState.Succeeded, succeeded));

        var breach = FailureJudge.FindBreach(
            new() { Sites = sites, Percent = percent }, State([.. states, FleetSiteState.Waiting]).Sites, 0);

        Assert.Equal(isBreach, breach is not null);
    }

    [Fact]
    public void Failures_that_a_person_accepted_do_not_stop_it_again()
    {
        var settings = Settings(new() { Sites = 1 });
        var held = WaveMachine.Look(State(FleetSiteState.Failed, FleetSiteState.Succeeded), settings, Nothing, Now);
        Assert.Equal(FleetRolloutHold.Failures, held.Progress.Hold);

        var resumed = WaveMachine.Take(held, settings, new() { Command = FleetRolloutCommand.Resume }, "One is few.", Now);
        var next = WaveMachine.Look(resumed, settings, Nothing, Now);

        Assert.Equal((FleetRolloutPhase.Succeeded, "1 of 2 sites have the version."), (next.Progress.Phase, next.Progress.Reason));
    }

    [Fact]
    public void Skipping_the_soak_does_not_approve_the_next_wave()
    {
        var settings = Settings(new()) with { AwaitsPerson = true, Waves = 2 };
        var soaking = WaveMachine.Look(TwoWaves(), settings, Nothing, Now);
        Assert.Equal(FleetRolloutPhase.Soaking, soaking.Progress.Phase);

        var skipped = WaveMachine.Take(soaking, settings, new() { Command = FleetRolloutCommand.SkipSoak }, "Enough.", Now);
        var again = WaveMachine.Take(skipped, settings, new() { Command = FleetRolloutCommand.SkipSoak }, "Enough.", Now);
        var approved = WaveMachine.Take(again, settings, new() { Command = FleetRolloutCommand.ApproveWave }, "Yes.", Now);

        Assert.Equal((0, FleetRolloutHold.AwaitsPerson), (again.Progress.Wave, again.Progress.Hold));
        Assert.Equal((1, FleetRolloutHold.None, "Yes."), (approved.Progress.Wave, approved.Progress.Hold, approved.Progress.Reason));
    }

    [Fact]
    public void What_failed_is_begun_anew_under_another_id()
    {
        var settings = Settings(new() { Sites = 1 });
        var begun = WaveMachine.Look(State(FleetSiteState.Waiting), settings, Nothing, Now);
        var failed = WaveMachine.Look(
            begun, settings, Nothing with { Refused = new Dictionary<Guid, string> { [begun.Sites[0].Id] = "No." } }, Now);
        Assert.Equal((FleetSiteState.Failed, "No."), (failed.Sites[0].State, failed.Sites[0].Reason));

        var retried = WaveMachine.Take(failed, settings, new() { Command = FleetRolloutCommand.RetryFailed }, "Again.", Now);
        var again = WaveMachine.Look(retried, settings, Nothing, Now);

        Assert.Equal((FleetSiteState.Starting, 1), (again.Sites[0].State, again.Sites[0].Attempt));
        Assert.NotEqual(begun.Sites[0].TargetId, again.Sites[0].TargetId);
        Assert.Throws<FleetRefusedException>(() => WaveMachine.Take(again, settings, new() { Command = FleetRolloutCommand.RetryFailed }, "Again.", Now));
    }

    [Fact]
    public void Site_whose_windows_are_closed_lets_the_next_go_first()
    {
        var state = State(FleetSiteState.Waiting, FleetSiteState.Waiting);
        var settings = Settings(new()) with { MaxConcurrentSites = 1 };

        var next = WaveMachine.Look(state, settings, Nothing with { Closed = new HashSet<Guid> { state.Sites[0].SiteId } }, Now);

        Assert.Equal([FleetSiteState.Waiting, FleetSiteState.Starting], next.Sites.Select(site => site.State));
    }

    [Fact]
    public void Way_back_that_is_refused_is_tried_again_and_a_person_may_leave_the_site_as_it_is()
    {
        var settings = Settings(new());
        var told = WaveMachine.Take(State(FleetSiteState.Failed), settings, new() { Command = FleetRolloutCommand.AbortAll }, "Back.", Now);
        var site = told.Sites[0] with { TargetId = Guid.NewGuid(), State = FleetSiteState.Returning };
        var seen = new SiteSeen(site.Id, null, false, null, DeploymentStatus.Active, settings.ModelId);
        var refused = WaveMachine.Look(
            told with { Sites = [site] },
            settings,
            new(
                new Dictionary<Guid, SiteSeen> { [site.Id] = seen },
                new Dictionary<Guid, string> { [site.Id] = "The version is archived." },
                new HashSet<Guid>()),
            Now);
        Assert.Equal((FleetSiteState.Returning, "The version is archived."), (refused.Sites[0].State, refused.Sites[0].Reason));

        var skipped = WaveMachine.Take(refused, settings, new() { Command = FleetRolloutCommand.SkipSite, SiteId = site.SiteId }, "Leave it.", Now);
        var end = WaveMachine.Look(skipped, settings, Nothing, Now);

        Assert.Equal((FleetSiteState.LeftAsIs, FleetRolloutPhase.Returned), (end.Sites[0].State, end.Progress.Phase));
    }

    [Theory]
    [InlineData(FleetRolloutPhase.Succeeded, FleetRolloutCommand.AbortAll, true)]
    [InlineData(FleetRolloutPhase.Stopped, FleetRolloutCommand.AbortAll, true)]
    [InlineData(FleetRolloutPhase.Returned, FleetRolloutCommand.AbortAll, false)]
    [InlineData(FleetRolloutPhase.Succeeded, FleetRolloutCommand.Abort, false)]
    [InlineData(FleetRolloutPhase.Moving, FleetRolloutCommand.Abort, true)]
    [InlineData(FleetRolloutPhase.Soaking, FleetRolloutCommand.ApproveWave, false)]
    [InlineData(FleetRolloutPhase.Moving, FleetRolloutCommand.SkipSoak, false)]
    [InlineData(FleetRolloutPhase.Stopping, FleetRolloutCommand.RetryFailed, false)]
    [InlineData(FleetRolloutPhase.Returning, FleetRolloutCommand.SkipSite, true)]
    public void Commands_are_taken_where_they_mean_something(FleetRolloutPhase phase, FleetRolloutCommand command, bool may) =>
        Assert.Equal(may, WaveTransitions.May(new FleetRolloutProgress { Phase = phase }, command));

    private static WaveSettings Settings(FailurePolicy policy) => new()
    {
        ModelId = Guid.NewGuid(), Waves = 1, MaxConcurrentSites = 10, Soak = TimeSpan.FromMinutes(1), FailurePolicy = policy,
    };

    private static WaveState State(params FleetSiteState[] states) => new(
        WaveMachine.Start(Now),
        [.. states.Select((state, i) => new FleetRolloutSite { Id = Guid.NewGuid(), SiteId = Guid.NewGuid(), State = state, Position = i, Since = Now })]);

    private static WaveState TwoWaves()
    {
        var state = State(FleetSiteState.Succeeded, FleetSiteState.Waiting);
        return state with { Sites = [state.Sites[0], state.Sites[1] with { Wave = 1 }] };
    }
}
