using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Rollouts.Waves;

public sealed class FleetRolloutGrainTests : IAsyncLifetime
{
    private static readonly SiteTemplate ByStep = new()
    {
        Steps = [new() { Kind = RolloutStepKind.SetWeight, Weight = 50 }], ProgressDeadlineSeconds = 200, KeepsWarmSeconds = 0,
    };

    private ControlCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ControlCluster.StartAsync(control: 2, workers: 1);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Of_a_hundred_sites_three_fail_it_stops_at_the_barrier_and_all_come_back()
    {
        var fleet = await RolledOutFleet.CreateAsync(_cluster, deployed: 100);
        foreach (var i in new[] { 20, 30, 40 })
        {
            _cluster.Streams.Unloaded[fleet.TargetOf(fleet.Sites[i])] = true;
        }

        await fleet.BeginAsync(wish => wish with { Template = ByStep, MaxConcurrentSites = 25, FailurePolicy = new() { Sites = 3 } });
        var held = await fleet.UntilAsync(report => report.Rollout.Progress.Hold == FleetRolloutHold.Failures, "three have failed");

        Assert.Equal(2, held.Rollout.Progress.Wave);
        Assert.Equal([1, 10, 50, 39], held.Waves.Select(wave => wave.Sites));
        Assert.Equal([1, 10, 47, 0], held.Waves.Select(wave => wave.Succeeded));
        Assert.Equal([0, 0, 3, 0], held.Waves.Select(wave => wave.RolledBack));
        Assert.Equal(39, held.Waves[3].Waiting);
        Assert.Equal("3 of 61 settled sites failed until now; 3 are too many.", held.Rollout.Progress.Reason);
        var by = Guid.NewGuid();

        await fleet.Rollout.Tell(new() { Command = FleetRolloutCommand.AbortAll, Why = "Not this version.", By = by });

        var end = await fleet.UntilAsync(report => report.Rollout.IsSettled, "all are back");
        Assert.Equal((FleetRolloutPhase.Returned, "Not this version."), (end.Rollout.Progress.Phase, end.Rollout.Progress.Reason));
        Assert.All(fleet.Sites, site => Assert.Equal([fleet.Now.Id], fleet.AtWork()[site]));
        Assert.Contains(end.Rollout.Decisions, decision => decision.By == by && decision.Command == FleetRolloutCommand.AbortAll);
    }

    [Fact]
    public async Task Control_silo_that_dies_in_the_middle_of_a_wave_is_not_missed_and_no_site_begins_twice()
    {
        var fleet = await RolledOutFleet.CreateAsync(_cluster, deployed: 20, bare: 20);
        await fleet.BeginAsync(wish => wish with
        {
            Template = ByStep with { PromotesItself = true },
            Waves = [new() { Sites = 30 }, new() { Sites = 1 }],
            MaxConcurrentSites = 5,
        });
        await fleet.UntilAsync(report => report.Waves[0].Succeeded >= 5, "some have the version");

        await _cluster.KillAsync((await _cluster.WhereIs(fleet.Rollout))!);
        var end = await fleet.UntilAsync(report => report.Rollout.IsSettled, "the end");

        Assert.Equal(FleetRolloutPhase.Succeeded, end.Rollout.Progress.Phase);
        Assert.Equal(40, end.Waves.Sum(wave => wave.Succeeded));
        Assert.All(fleet.Sites, site => Assert.Equal([fleet.Next.Id], fleet.AtWork()[site]));

        // 20 stable ones, 20 candidates, 20 new ones.
        Assert.Equal(60, fleet.CountDeployments());
    }

    [Fact]
    public async Task Without_steps_deployments_take_the_version_up_at_once_and_sites_without_get_one()
    {
        var fleet = await RolledOutFleet.CreateAsync(_cluster, deployed: 3, bare: 3);

        await fleet.BeginAsync(wish => wish with { Waves = [new() { Percent = 100 }] });
        var end = await fleet.UntilAsync(report => report.Rollout.IsSettled, "the end");

        Assert.Equal((FleetRolloutPhase.Succeeded, "6 of 6 sites have the version."), (end.Rollout.Progress.Phase, end.Rollout.Progress.Reason));
        Assert.All(fleet.Sites, site => Assert.Equal([fleet.Next.Id], fleet.AtWork()[site]));
        Assert.Equal(6, fleet.CountDeployments());

        await fleet.Rollout.Tell(new() { Command = FleetRolloutCommand.AbortAll });

        var back = await fleet.UntilAsync(report => report.Rollout.IsSettled, "all are back");
        Assert.Equal(FleetRolloutPhase.Returned, back.Rollout.Progress.Phase);
        Assert.All(fleet.Sites.Take(3), site => Assert.Equal([fleet.Now.Id], fleet.AtWork()[site]));
        Assert.All(fleet.Sites.Skip(3), site => Assert.Empty(fleet.AtWork()[site]));
    }

    [Fact]
    public async Task Wave_waits_for_its_soak_and_for_approval()
    {
        var fleet = await RolledOutFleet.CreateAsync(_cluster, deployed: 4);
        await fleet.BeginAsync(wish => wish with { Waves = [new() { Sites = 1 }, new() { Sites = 3 }], SoakSeconds = 60, AwaitsPerson = true });

        var held = await fleet.UntilAsync(report => report.Rollout.Progress.Hold == FleetRolloutHold.AwaitsPerson, "it asks");
        Assert.Equal([1, 0], held.Waves.Select(wave => wave.Succeeded));
        Assert.InRange((_cluster.Clock.GetUtcNow() - held.Rollout.Progress.Since).TotalSeconds, 60, 120);
        await fleet.Rollout.Tell(new() { Command = FleetRolloutCommand.ApproveWave, Why = "Looks well." });
        var end = await fleet.UntilAsync(report => report.Rollout.IsSettled, "the end");

        Assert.Equal(4, end.Waves.Sum(wave => wave.Succeeded));
        Assert.Contains(end.Rollout.Decisions, decision => decision.Why == "Looks well.");
    }

    [Fact]
    public async Task Site_begins_inside_its_windows_alone()
    {
        var fleet = await RolledOutFleet.CreateAsync(_cluster, deployed: 2);

        // It is eleven o'clock on a Monday in Berlin; the cluster's day begins at ten UTC.
        await _cluster.Grains.GetGrain<ISiteGrain>(fleet.Sites[0]).SetMaintenanceWindows([new() { Start = new(11, 0), End = new(13, 0) }]);
        await _cluster.Grains.GetGrain<ISiteGrain>(fleet.Sites[1]).SetMaintenanceWindows([new() { Start = new(11, 5), End = new(12, 0) }]);

        await fleet.BeginAsync(wish => wish with { Waves = [new() { Percent = 100 }], OnlyInWindows = true });
        var first = await fleet.UntilAsync(report => report.Waves[0].Succeeded == 1, "the first has it");
        Assert.Equal(FleetSiteState.Succeeded, fleet.State.Sites[0].State);
        Assert.True(first.Rollout.UpdatedAt < ControlCluster.Start.AddMinutes(5));
        await fleet.UntilAsync(report => report.Rollout.IsSettled, "the second has it");

        Assert.True(fleet.State.Sites[1].Since >= ControlCluster.Start.AddMinutes(5));
    }

    [Fact]
    public async Task What_cannot_get_the_version_is_named_by_the_estimate_and_refused_or_left_out()
    {
        var fleet = await RolledOutFleet.CreateAsync(_cluster, deployed: 3, bare: 1);
        var without = Rows.Site() with { Name = "Without a camera" };
        await _cluster.Grains.GetGrain<ISiteGrain>(without.Id).Create(without);
        FleetRolloutWish WithIt(FleetRolloutWish wish) => wish with { SiteIds = [.. wish.SiteIds!, without.Id] };

        var estimate = await fleet.Rollout.Estimate(fleet.Wish(WithIt));

        Assert.Equal([without.Id], estimate.Refusals.Select(refusal => refusal.SiteId));
        Assert.Equal(SiteRefusalCode.NoCameras, estimate.Refusals[0].Code);
        Assert.Equal(4, estimate.Waves.Sum(wave => wave.Sites.Length));
        Assert.Null(await fleet.Rollout.Get());
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => fleet.BeginAsync(WithIt));
        Assert.Equal((RefusalKind.Conflict, "site_ids"), (refused.Kind, refused.Field));
        var begun = await fleet.BeginAsync(wish => WithIt(wish) with { LeavesOutRefused = true });
        Assert.Equal(4, begun.Waves.Sum(wave => wave.Sites));
        Assert.Equal("4 sites in 3 waves; left out: 1.", begun.Rollout.Decisions[0].Why);
    }

    [Fact]
    public async Task Site_whose_deployment_was_ended_fails_and_is_begun_anew_once_it_can_be()
    {
        var fleet = await RolledOutFleet.CreateAsync(_cluster, deployed: 2);
        var stable = fleet.AtWork();
        var ended = _cluster.Store.All<Deployment>().Single(deployment => deployment.SiteId == fleet.Sites[0]);
        await fleet.BeginAsync(wish => wish with { OnlyInWindows = false, Waves = [new() { Sites = 1 }, new() { Sites = 1 }] });
        await _cluster.Grains.GetGrain<IDeploymentGrain>(ended.Id).Terminate();

        var held = await fleet.UntilAsync(report => report.Rollout.Progress.Hold == FleetRolloutHold.Failures || report.Rollout.IsSettled, "it stops");

        Assert.Single(stable[fleet.Sites[0]]);
        Assert.Equal((FleetRolloutHold.Failures, 1), (held.Rollout.Progress.Hold, held.Waves[0].Failed));
        await fleet.Rollout.Tell(new() { Command = FleetRolloutCommand.SkipSite, SiteId = fleet.Sites[0], Why = "It is closed." });
        await fleet.Rollout.Tell(new() { Command = FleetRolloutCommand.Resume });
        var end = await fleet.UntilAsync(report => report.Rollout.IsSettled, "the end");
        Assert.Equal([1, 0], end.Waves.Select(wave => wave.Skipped));
        Assert.Equal([0, 1], end.Waves.Select(wave => wave.Succeeded));
    }

    [Fact]
    public async Task Order_for_another_version_of_the_row_is_not_taken()
    {
        var fleet = await RolledOutFleet.CreateAsync(_cluster, deployed: 2);
        var begun = await fleet.BeginAsync(wish => wish with { SoakSeconds = 600, Waves = [new() { Sites = 1 }, new() { Sites = 1 }] });
        await fleet.UntilAsync(report => report.Rollout.Progress.Phase == FleetRolloutPhase.Soaking, "the soak");

        await Assert.ThrowsAsync<RowConflictException>(
            () => fleet.Rollout.Tell(new() { Command = FleetRolloutCommand.Pause, IfMatch = [begun.RowVersion] }));
    }

    [Fact]
    public async Task Asking_again_for_the_same_begins_nothing_twice()
    {
        var fleet = await RolledOutFleet.CreateAsync(_cluster, deployed: 2);
        var by = Guid.NewGuid();
        await fleet.BeginAsync(wish => wish with { CreatedBy = by });
        await fleet.UntilAsync(report => report.Rollout.IsSettled, "the end");

        var again = await fleet.BeginAsync(wish => wish with { CreatedBy = by });

        Assert.Equal(FleetRolloutPhase.Succeeded, again.Rollout.Progress.Phase);
        await Assert.ThrowsAsync<FleetRefusedException>(() => fleet.BeginAsync(wish => wish with { Name = "Another" }));
    }
}
