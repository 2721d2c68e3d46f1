using OrleansAiFleet.Deployments;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>What the rows of a <see cref="FleetStore"/> say of deployments.</summary>
internal sealed class StoredFacts(FleetStore store, StoredScaling scaling) : IDeploymentFactsReader
{
    public Task<IReadOnlyList<DeploymentFacts>> ReadFactsAsync(
        Guid? siteId, Guid? deploymentId, DateTimeOffset since, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DeploymentFacts>>(
        [
            .. store.All<Deployment>()
                .Where(deployment => siteId is null || deployment.SiteId == siteId)
                .Where(deployment => deploymentId is null ? deployment.DeploymentStatus != DeploymentStatus.Terminated : deployment.Id == deploymentId)
                .Select(deployment => new DeploymentFacts(
                    deployment,
                    null,
                    store.All<Rollout>().FirstOrDefault(rollout => !rollout.IsSettled
                        && (rollout.Id == deployment.Id || rollout.StableDeploymentId == deployment.Id)),
                    scaling.StateOf(deployment.Id))),
        ]);
}
