using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>What fleet rollouts read, by the rows of a <see cref="FleetStore"/>.</summary>
internal sealed class StoredFleetRollouts(FleetStore store) : IFleetRolloutReader
{
    public Task<IReadOnlyList<Guid>> ReadOpenAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Guid>>([.. Open().Select(state => state.Row.Id)]);

    public Task<IReadOnlyList<SiteFacts>> ReadSitesAsync(
        string modelName, Guid[]? siteIds, SiteChoice choice, string? cameraNameContains, CancellationToken cancellationToken)
    {
        var models = store.All<AiModel>().Where(model => model.Name == modelName).Select(model => model.Id).ToHashSet();
        var cameras = store.All<Camera>().Where(camera => camera.Enabled).ToLookup(camera => camera.SiteId);
        var deployments = store.All<Deployment>()
            .Where(each => models.Contains(each.ModelId) && each.DeploymentStatus is not (DeploymentStatus.Failed or DeploymentStatus.Terminated))
            .ToLookup(each => each.SiteId);
        var busy = Open().Where(state => models.Contains(state.Row.ModelId))
            .SelectMany(state => state.Sites.Select(site => (site.SiteId, state.Row.Id))).ToLookup(pair => pair.SiteId, pair => (Guid?)pair.Id);
        return Task.FromResult<IReadOnlyList<SiteFacts>>(
        [
            .. store.All<Site>()
                .Where(site => siteIds?.Contains(site.Id) ?? choice.NameContains is null || site.Name.Contains(choice.NameContains, StringComparison.Ordinal))
                .OrderBy(site => site.Name, StringComparer.Ordinal).ThenBy(site => site.Id)
                .Select(site => new SiteFacts
                {
                    Hours = new(site.Id, site.TimeZone, site.MaintenanceWindows),
                    Name = site.Name,
                    CountryCode = site.CountryCode,
                    Cameras = [.. cameras[site.Id].Select(camera => camera.Id)],
                    AllCameras = cameras[site.Id].Count(),
                    Deployments = [.. deployments[site.Id].OrderBy(each => each.Id).Select(ThereOf)],
                    FleetRolloutId = busy[site.Id].FirstOrDefault(),
                }),
        ]);
    }

    public Task<IReadOnlyList<SiteSeen>> ReadTargetsAsync(Guid fleetRolloutId, CancellationToken cancellationToken)
    {
        var rollouts = store.All<Rollout>().ToDictionary(rollout => rollout.Id);
        var deployments = store.All<Deployment>().ToDictionary(deployment => deployment.Id);
        return Task.FromResult<IReadOnlyList<SiteSeen>>(
        [
            .. from site in store.All<FleetRolloutState>().Single(state => state.Row.Id == fleetRolloutId).Sites
               where site.State is FleetSiteState.Starting or FleetSiteState.Moving or FleetSiteState.Returning
               let rollout = site.Way == FleetSiteWay.Rollout ? rollouts.GetValueOrDefault(site.TargetId!.Value) : null
               let deployment = deployments.GetValueOrDefault(site.TargetId!.Value)
               select new SiteSeen(
                   site.Id, rollout?.Progress.Phase, rollout?.IsSettled == true, rollout?.Progress.Reason, deployment?.DeploymentStatus, deployment?.ModelId),
        ]);
    }

    public Task<IReadOnlyList<SiteHours>> ReadHoursAsync(Guid[] siteIds, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SiteHours>>(
        [.. store.All<Site>().Where(site => siteIds.Contains(site.Id)).Select(site => new SiteHours(site.Id, site.TimeZone, site.MaintenanceWindows))]);

    private IEnumerable<FleetRolloutState> Open() => store.All<FleetRolloutState>().Where(state => !state.Row.IsSettled);

    private PresentDeployment ThereOf(Deployment deployment) => new(
        deployment.Id,
        deployment.ModelId,
        deployment.DeploymentStatus,
        deployment.DeploymentType,
        deployment.ModelAlias,
        store.All<Rollout>().FirstOrDefault(
            rollout => !rollout.IsSettled && (rollout.Id == deployment.Id || rollout.StableDeploymentId == deployment.Id))?.Id);
}
