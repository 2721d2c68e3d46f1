using OrleansAiFleet.Audit;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>
/// Does for one site what its stored state says: begins, or goes back. Each may be done twice, by whatever silo: ids were chosen before,
/// and what is there already is left alone.
/// </summary>
internal sealed class SiteMover(IGrainFactory grains, IRolloutReader rollouts, FleetRollout row)
{
    /// <summary>Begins a site that is <see cref="FleetSiteState.Starting"/>, or takes one back that is <see cref="FleetSiteState.Returning"/>.</summary>
    /// <exception cref="FleetRefusedException">It cannot be.</exception>
    public Task MoveAsync(FleetRolloutSite site) => (site.State, site.Way) switch
    {
        (FleetSiteState.Starting, FleetSiteWay.Deploy) => DeployAsync(site),
        (FleetSiteState.Starting, FleetSiteWay.Switch) => SwitchAsync(site),
        (FleetSiteState.Starting, FleetSiteWay.Rollout) => RollOutAsync(site),
        (FleetSiteState.Returning, FleetSiteWay.Deploy) => TerminateAsync(site),
        (FleetSiteState.Returning, FleetSiteWay.Switch) => SwitchBackAsync(site),
        (FleetSiteState.Returning, FleetSiteWay.Rollout) => RollBackAsync(site),
        _ => Task.CompletedTask,
    };

    private IDeploymentGrain TargetOf(FleetRolloutSite site) => grains.GetGrain<IDeploymentGrain>(site.TargetId!.Value);

    private Task<Deployment> DeployAsync(FleetRolloutSite site) => TargetOf(site).Deploy(
        FleetRolloutPolicy.DeploymentOf(row.ModelId, row.Template, site.SiteId, row.CreatedBy) with { Id = site.TargetId!.Value, InputSources = site.Cameras });

    private async Task SwitchAsync(FleetRolloutSite site)
    {
        if (await FindThereAsync(site) && await rollouts.FindOpenAsync(site.TargetId!.Value, CancellationToken.None) is { } open)
        {
            throw Refusal.Conflict(null, $"Its deployment is in rollout {open:D} by now.").ToException();
        }

        await TargetOf(site).SwitchModel(row.ModelId);
    }

    private async Task RollOutAsync(FleetRolloutSite site)
    {
        var rollout = grains.GetGrain<IRolloutGrain>(site.TargetId!.Value);
        if (await rollout.Get() is null)
        {
            await FindThereAsync(site);
            await rollout.Begin(FleetRolloutPolicy.RolloutOf(
                site.TargetId!.Value, site.DeploymentId!.Value, row.ModelId, row.Template, row.CreatedBy));
        }
    }

    // What goes back later goes back to what was planned for: whoever changed the deployment meanwhile would lose that.
    private async Task<bool> FindThereAsync(FleetRolloutSite site)
    {
        var there = await grains.GetGrain<IDeploymentGrain>(site.DeploymentId!.Value).Get();
        if (there is null || (there.ModelId != site.PreviousModelId && there.ModelId != row.ModelId))
        {
            throw Refusal.Conflict(null, "Somebody brought its deployment to another version meanwhile.").ToException();
        }

        return there.ModelId != row.ModelId;
    }

    private async Task TerminateAsync(FleetRolloutSite site)
    {
        if (await TargetOf(site).Get() is { DeploymentStatus: not DeploymentStatus.Terminated })
        {
            await TargetOf(site).Terminate();
        }
    }

    private async Task SwitchBackAsync(FleetRolloutSite site)
    {
        if (await TargetOf(site).Get() is { DeploymentStatus: not DeploymentStatus.Terminated } there && there.ModelId == row.ModelId)
        {
            using (AuditAction.Named("fleet_rollouts.return"))
            {
                await TargetOf(site).SwitchModel(site.PreviousModelId!.Value);
            }
        }
    }

    private async Task RollBackAsync(FleetRolloutSite site)
    {
        var rollout = grains.GetGrain<IRolloutGrain>(site.TargetId!.Value);
        var found = await rollout.Get();
        if (found?.IsSettled == true)
        {
            if (found.Progress.Phase == RolloutPhase.Succeeded)
            {
                await SwitchBackAsync(site);
            }
        }
        else if (found is not null && !RolloutTransitions.IsFinal(found.Progress.Phase) && found.Progress.Phase != RolloutPhase.RollingBack)
        {
            await rollout.Tell(RolloutCommand.RollBack, $"Fleet rollout '{row.Name}' goes back: {row.Progress.Reason}", null);
        }
    }
}
