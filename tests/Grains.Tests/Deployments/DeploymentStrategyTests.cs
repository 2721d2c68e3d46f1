using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Grains.Tests.Rollouts;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Deployments;

/// <summary>What a deployment waits for, by the fleet's clock.</summary>
public sealed class DeploymentStrategyTests : IAsyncLifetime
{
    private ControlCluster _cluster = null!;
    private RolledOutSite _site = null!;

    private IDeploymentGrain Grain => _cluster.Grains.GetGrain<IDeploymentGrain>(_site.RolloutId);

    public async Task InitializeAsync()
    {
        _cluster = await ControlCluster.StartAsync(control: 2, workers: 1);
        _site = await RolledOutSite.CreateAsync(_cluster);
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Scheduled_deployment_waits_works_and_is_over()
    {
        var asked = Scheduled(start: 2, end: 6);
        var pending = await Grain.Deploy(asked);
        var again = await Grain.Deploy(asked);

        Assert.Equal((DeploymentStatus.Pending, DeploymentStatus.Pending), (pending.DeploymentStatus, again.DeploymentStatus));
        var active = await UntilAsync(DeploymentStatus.Active);
        Assert.InRange((active.DeployedAt!.Value - ControlCluster.Start).TotalMinutes, 2, 3);
        var over = await UntilAsync(DeploymentStatus.Terminated);
        Assert.InRange((over.UpdatedAt - ControlCluster.Start).TotalMinutes, 6, 7);
    }

    [Fact]
    public async Task Scheduled_deployment_waits_for_the_window_of_its_site()
    {
        var grain = _cluster.Grains.GetGrain<ISiteGrain>(_site.Stable.SiteId);
        var zone = TimeZoneInfo.FindSystemTimeZoneById((await grain.Get())!.TimeZone);
        var opens = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(ControlCluster.Start.AddMinutes(4), zone).DateTime);
        await grain.SetMaintenanceWindows([new() { Start = opens, End = opens.AddHours(1) }]);

        var pending = await Grain.Deploy(Scheduled(start: 1, end: null));
        var active = await UntilAsync(DeploymentStatus.Active);

        Assert.Equal(ControlCluster.Start.AddMinutes(4), pending.NextMaintenanceWindow);
        Assert.InRange((active.DeployedAt!.Value - ControlCluster.Start).TotalMinutes, 4, 5);
    }

    [Fact]
    public async Task Scheduled_deployment_whose_silo_died_begins_on_another()
    {
        await Grain.Deploy(Scheduled(start: 2, end: null));

        await _cluster.KillAsync((await _cluster.WhereIs(Grain))!);

        await UntilAsync(DeploymentStatus.Active);
    }

    [Fact]
    public async Task What_may_not_be_deployed_any_more_when_its_time_comes_fails()
    {
        await Grain.Deploy(Scheduled(start: 2, end: null) with { ModelId = _site.Next.Id });
        await _cluster.Grains.GetGrain<IModelGrain>(_site.Next.Id).Take(new() { Step = ModelStep.Deprecate, By = Guid.NewGuid(), Comment = "No good." });

        await UntilAsync(DeploymentStatus.Failed);
    }

    [Fact]
    public async Task Gradual_deployment_comes_by_a_rollout_with_settings_of_its_own_and_takes_over()
    {
        var asked = Gradual() with { ConfidenceThreshold = 0.25m, DeploymentName = "Careful" };
        var pending = await Grain.Deploy(asked);
        Assert.Equal(DeploymentStatus.Pending, pending.DeploymentStatus);

        var first = await _site.UntilAsync(rollout => rollout.Progress.Step == 1, "the first pause");
        Assert.Equal((10, DeploymentStatus.Active), (first.Progress.Weight, await _site.StatusOfAsync(_site.RolloutId)));
        Assert.Single(_site.Served(), camera => camera.Live == _site.RolloutId);
        Assert.InRange(await StepTakes(), 600, 630);
        foreach (var step in new[] { 3, 5 })
        {
            await _site.UntilAsync(rollout => rollout.Progress.Step == step, $"step {step}");
            await _site.Rollout.Tell(RolloutCommand.Skip, null, null);
        }

        var end = await _site.UntilAsync(rollout => rollout.IsSettled, "the end");

        Assert.Equal(RolloutPhase.Succeeded, end.Progress.Phase);
        Assert.Equal(DeploymentStatus.Terminated, await _site.StatusOfAsync(_site.Stable.Id));
        var row = (await Grain.Get())!;
        Assert.Equal((DeploymentStatus.Active, 0.25m, "Careful"), (row.DeploymentStatus, row.ConfidenceThreshold, row.DeploymentName));
        Assert.Equal(DeploymentStatus.Active, (await Grain.Deploy(asked)).DeploymentStatus);
    }

    [Fact]
    public async Task Blue_and_green_looks_at_all_unseen_and_switches_at_once()
    {
        await Grain.Deploy(Gradual() with { DeploymentType = DeploymentType.BlueGreen });

        var unseen = await _site.UntilAsync(rollout => rollout.Progress.Step == 1, "the pause");
        Assert.Equal((0, 4), (unseen.Progress.Weight, unseen.ShadowCameras.Length));
        Assert.All(_site.Served(), camera => Assert.Equal(_site.Stable.Id, camera.Live));
        await _site.Rollout.Tell(RolloutCommand.Skip, null, null);
        var warm = await _site.UntilAsync(rollout => rollout.Progress.Phase == RolloutPhase.Promoting, "the switch");
        Assert.Equal((100, 3600), (warm.Progress.Weight, warm.KeepsWarmSeconds));
    }

    [Fact]
    public async Task Paused_deployment_has_no_camera_until_it_is_resumed()
    {
        var stable = _cluster.Grains.GetGrain<IDeploymentGrain>(_site.Stable.Id);
        Assert.Equal(4, _site.Served().Length);

        var paused = await stable.Pause();
        Assert.Equal(DeploymentStatus.Paused, (await stable.Pause()).DeploymentStatus);
        Assert.Empty(_site.Served());
        var resumed = await stable.Resume();

        Assert.Equal((DeploymentStatus.Paused, DeploymentStatus.Active), (paused.DeploymentStatus, resumed.DeploymentStatus));
        Assert.Equal(paused.DeployedAt, resumed.DeployedAt);
        Assert.Equal(4, _site.Served().Length);
        await Grain.Deploy(Scheduled(start: 60, end: null));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.Pause())).Kind);
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.Resume())).Kind);
        await stable.Pause();
        await _cluster.Grains.GetGrain<IModelGrain>(_site.Stable.ModelId).Take(new() { Step = ModelStep.Deprecate, By = Guid.NewGuid(), Comment = "No good." });
        Assert.Equal("model_id", (await Assert.ThrowsAsync<FleetRefusedException>(() => stable.Resume())).Field);
    }

    [Fact]
    public async Task Gradual_deployment_that_cannot_begin_leaves_no_row()
    {
        var site = Rows.Site();
        await _cluster.Grains.GetGrain<ISiteGrain>(site.Id).Create(site);

        Assert.Equal("previous_deployment_id", (await RefusedAsync(Gradual() with { PreviousDeploymentId = Guid.NewGuid() })).Field);
        Assert.Equal("previous_deployment_id", (await RefusedAsync(Gradual() with { SiteId = site.Id, InputSources = null })).Field);
        Assert.Equal("input_sources", (await RefusedAsync(Gradual() with { InputSources = [_site.Cameras[0]] })).Field);
        Assert.Equal("model_id", (await RefusedAsync(Gradual() with { ModelId = _site.Stable.ModelId })).Field);
        Assert.Null(await Grain.Get());

        await _site.BeginAsync(new RolloutStep { Kind = RolloutStepKind.Pause });
        var other = Gradual() with { Id = Guid.NewGuid() };
        var busy = await Assert.ThrowsAsync<FleetRefusedException>(() => _cluster.Grains.GetGrain<IDeploymentGrain>(other.Id).Deploy(other));
        Assert.Equal(RefusalKind.Conflict, busy.Kind);
    }

    private async Task<double> StepTakes()
    {
        var begun = (await _site.Rollout.Get())!.Progress;
        var next = await _site.UntilAsync(rollout => rollout.Progress.Step > begun.Step, "the next step");
        return (next.Progress.Since - begun.Since).TotalSeconds;
    }

    private Deployment Scheduled(int start, int? end) => _site.Stable with
    {
        Id = _site.RolloutId,
        DeploymentStrategy = DeploymentStrategy.Scheduled,
        ScheduledStartTime = ControlCluster.Start.AddMinutes(start),
        ScheduledEndTime = end is { } minutes ? ControlCluster.Start.AddMinutes(minutes) : null,
    };

    private Deployment Gradual() => _site.Stable with
    {
        Id = _site.RolloutId,
        ModelId = _site.Next.Id,
        DeploymentStrategy = DeploymentStrategy.Gradual,
        PreviousDeploymentId = _site.Stable.Id,
    };

    private async Task<FleetRefusedException> RefusedAsync(Deployment deployment) =>
        await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.Deploy(deployment));

    private async Task<Deployment> UntilAsync(DeploymentStatus status)
    {
        await _cluster.Passing(async () => (await Grain.Get())!.DeploymentStatus == status, $"it is {status}");
        return (await Grain.Get())!;
    }
}
