using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Grains.Tests.Rollouts;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Sites;

/// <summary>What waits while a site or the fleet is being worked on.</summary>
public sealed class MaintenanceTests : IAsyncLifetime
{
    private static readonly Guid Ann = Guid.NewGuid();
    private ControlCluster _cluster = null!;
    private RolledOutSite _site = null!;

    public async Task InitializeAsync()
    {
        _cluster = await ControlCluster.StartAsync(control: 2, workers: 1);
        _site = await RolledOutSite.CreateAsync(_cluster);
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task It_is_turned_on_changed_and_off_by_somebody_with_a_reason()
    {
        var grain = Of(_site.Stable.SiteId);
        Assert.False((await grain.Get()).IsEnabled);

        var on = await grain.Enable(" New switches. ", null, Ann);
        _cluster.Clock.Advance(TimeSpan.FromMinutes(1));
        var changed = await grain.Enable("New switches.", ControlCluster.Start.AddHours(1), Ann);
        var writes = _cluster.Store.Writes;
        await grain.Enable("New switches.", ControlCluster.Start.AddHours(1), Guid.NewGuid());

        Assert.Equal((true, "New switches.", Ann), (on.IsEnabled, on.Reason, on.SetBy));
        Assert.Equal((on.Since, ControlCluster.Start.AddHours(1)), (changed.Since, changed.EndsAt));
        Assert.Equal(writes, _cluster.Store.Writes);
        Assert.False((await grain.Disable(Ann)).IsEnabled);
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        var grain = Of(_site.Stable.SiteId);

        Assert.Equal("reason", (await RefusedAsync(() => grain.Enable(" ", null, Ann))).Field);
        Assert.Equal("ends_at", (await RefusedAsync(() => grain.Enable("Why not.", ControlCluster.Start, Ann))).Field);
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(() => Of(Guid.NewGuid()).Enable("Why not.", null, Ann))).Kind);
        Assert.False((await grain.Get()).IsEnabled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rollout_holds_and_goes_on_with_its_step_anew(bool wholeFleet)
    {
        var place = wholeFleet ? MaintenanceMode.WholeFleet : _site.Stable.SiteId;
        await _site.BeginAsync(Weight(25), Pause(60));
        await _site.UntilAsync(rollout => rollout.Progress.Step == 1, "the pause");

        await Of(place).Enable("New switches.", null, Ann);
        var held = await _site.UntilAsync(rollout => rollout.Progress.Hold == RolloutHold.Maintenance, "it holds");
        _cluster.Clock.Advance(TimeSpan.FromMinutes(30));
        await Of(place).Disable(Ann);
        var on = await _site.UntilAsync(rollout => rollout.Progress.Hold == RolloutHold.None, "it goes on");
        var end = await _site.UntilAsync(rollout => rollout.IsSettled, "the end");

        Assert.Equal((1, 25, "Maintenance: New switches."), (held.Progress.Step, held.Progress.Weight, held.Progress.Reason));
        Assert.Equal((1, 25), (on.Progress.Step, on.Progress.Weight));
        Assert.Equal(RolloutPhase.Succeeded, end.Progress.Phase);
        var promoted = end.Decisions.Single(decision => decision.Progress.Phase == RolloutPhase.Promoting);
        Assert.InRange((promoted.At - on.Progress.Since).TotalSeconds, 60, 90);
    }

    [Fact]
    public async Task It_ends_by_itself_at_its_end()
    {
        await _site.BeginAsync(Weight(25), Pause(10));
        await Of(_site.Stable.SiteId).Enable("New switches.", ControlCluster.Start.AddMinutes(3), Ann);

        var end = await _site.UntilAsync(rollout => rollout.IsSettled, "the end");

        Assert.Equal(RolloutPhase.Succeeded, end.Progress.Phase);
        Assert.True(end.Progress.Since > ControlCluster.Start.AddMinutes(3));
    }

    [Fact]
    public async Task What_is_measured_meanwhile_decides_nothing()
    {
        _cluster.Trials.Samples[_site.RolloutId] = slot => TrialRows.Sample(
            _site.RolloutId, _site.RolloutId, _site.Cameras[0], slot, new() { WatchedSeconds = 5, FramesInferred = 60, Errors = 40 });
        await _site.BeginAsync(Weight(25), new RolloutStep { Kind = RolloutStepKind.Pause });
        await Of(_site.Stable.SiteId).Enable("New switches.", null, Ann);
        await _site.UntilAsync(rollout => rollout.Progress.Hold == RolloutHold.Maintenance, "it holds");
        for (var minute = 0; minute < 5; minute++)
        {
            _cluster.Clock.Advance(TimeSpan.FromMinutes(1));
            await _site.Rollout.Look();
        }

        Assert.Equal(RolloutHold.Maintenance, (await _site.Rollout.Get())!.Progress.Hold);
        await Of(_site.Stable.SiteId).Disable(Ann);
        var end = await _site.UntilAsync(rollout => rollout.IsSettled, "what is measured after it");
        Assert.StartsWith("Metric 'error_rate_alert_threshold' failed (2)", end.Progress.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scheduled_deployment_waits_for_its_end()
    {
        await Of(_site.Stable.SiteId).Enable("New switches.", ControlCluster.Start.AddMinutes(3), Ann);
        var scheduled = _site.Stable with
        {
            Id = Guid.NewGuid(), DeploymentStrategy = DeploymentStrategy.Scheduled, ScheduledStartTime = ControlCluster.Start.AddMinutes(1),
        };
        var grain = _cluster.Grains.GetGrain<IDeploymentGrain>(scheduled.Id);
        await grain.Deploy(scheduled);

        await _cluster.Passing(async () => (await grain.Get())!.DeploymentStatus == DeploymentStatus.Active, "it goes to work");

        Assert.InRange((await grain.Get())!.DeployedAt!.Value, ControlCluster.Start.AddMinutes(3), ControlCluster.Start.AddMinutes(4));
    }

    private IMaintenanceGrain Of(Guid place) => _cluster.Grains.GetGrain<IMaintenanceGrain>(place);

    private static Task<FleetRefusedException> RefusedAsync(Func<Task> action) => Assert.ThrowsAsync<FleetRefusedException>(action);

    private static RolloutStep Weight(int percent) => new() { Kind = RolloutStepKind.SetWeight, Weight = percent };

    private static RolloutStep Pause(int seconds) => new() { Kind = RolloutStepKind.Pause, DurationSeconds = seconds };
}
