using OrleansAiFleet.Deployments;
using OrleansAiFleet.Models;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>Where models are at work, by the rows of a <see cref="FleetStore"/>.</summary>
internal sealed class StoredUses(FleetStore store) : IModelUseReader, IAliasFollowerReader
{
    /// <summary>Cameras that run each model by its name, whatever is asked.</summary>
    public Dictionary<string, int> Seats { get; } = [];

    public Task<IReadOnlyList<ModelUse>> ReadAsync(Guid modelId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ModelUse>>(
        [
            .. from deployment in store.All<Deployment>()
               where deployment.ModelId == modelId || deployment.RollbackModelId == modelId
               select new ModelUse(
                   deployment.Id, deployment.DeploymentName, deployment.SiteId, SiteName(deployment.SiteId), IsLive(deployment),
                   deployment.ModelId != modelId),
        ]);

    public Task<int> CountSeatsAsync(
        string name, Guid deploymentId, Guid siteId, Guid[]? cameras, CancellationToken cancellationToken) =>
        Task.FromResult(Seats.GetValueOrDefault(name) + (cameras?.Length ?? 0));

    public Task<IReadOnlyList<AliasFollower>> ReadBehindAsync(string? name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AliasFollower>>(
        [
            .. from deployment in store.All<Deployment>()
               where IsLive(deployment) && deployment.ModelAlias is not null
               let model = store.All<AiModel>().Single(model => model.Id == deployment.ModelId)
               where name is null || model.Name == name
               let named = Named(model.Name, deployment)
               where named is not null && named != deployment.ModelId
               select new AliasFollower(deployment.Id, deployment.DeploymentName, named.Value),
        ]);

    public Task<IReadOnlyList<string>> ReadInProductionAsync(
        string name, Guid? siteId, string alias, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(
        [
            .. from deployment in store.All<Deployment>()
               where IsLive(deployment) && deployment.ModelAlias == alias && (siteId is null || deployment.SiteId == siteId)
                   && deployment.DeploymentType is not (DeploymentType.Testing or DeploymentType.Staging)
               select deployment.DeploymentName,
        ]);

    private Guid? Named(string name, Deployment deployment) => store.All<ModelAlias>()
        .Where(alias => alias.Name == name && alias.Alias == deployment.ModelAlias
            && (alias.SiteId is null || alias.SiteId == deployment.SiteId))
        .OrderBy(alias => alias.SiteId is null)
        .FirstOrDefault()?.ModelId;

    private string SiteName(Guid site) => store.All<Site>().Single(row => row.Id == site).Name;

    private static bool IsLive(Deployment deployment) =>
        deployment.DeploymentStatus is not (DeploymentStatus.Failed or DeploymentStatus.Terminated);
}
