using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Deployments;

/// <summary>Reads what the health of deployments rests on, with four statements however many there are.</summary>
internal sealed class DeploymentFactsReader(IDbContextFactory<FleetContext> contexts, IScalingStore scaling) : IDeploymentFactsReader
{
    // A site's; nobody reads more reasons.
    private const int Most = 1000;

    public Task<IReadOnlyList<DeploymentFacts>> ReadFactsAsync(
        Guid? siteId, Guid? deploymentId, DateTimeOffset since, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync<IReadOnlyList<DeploymentFacts>>(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var deployments = await db.Deployments.AsNoTracking()
                .Where(deployment => siteId == null || deployment.SiteId == siteId)
                .Where(deployment => deploymentId == null
                    ? deployment.DeploymentStatus != DeploymentStatus.Terminated
                    : deployment.Id == deploymentId)
                .OrderByDescending(deployment => deployment.CreatedAt).Take(Most).ToListAsync(cancellationToken);
            Guid[] ids = [.. deployments.Select(deployment => deployment.Id)];
            var windows = await db.Metrics.AsNoTracking()
                .Where(window => window.MetricTimestamp >= since && ids.Contains(window.DeploymentId))
                .ToListAsync(cancellationToken);
            var rollouts = await db.Rollouts.AsNoTracking()
                .Where(rollout => !rollout.IsSettled && (ids.Contains(rollout.Id) || ids.Contains(rollout.StableDeploymentId)))
                .ToListAsync(cancellationToken);
            var placed = (await scaling.ReadStatesAsync(ids, cancellationToken)).ToDictionary(state => state.DeploymentId);
            var latest = windows.GroupBy(window => window.DeploymentId)
                .ToDictionary(group => group.Key, group => group.MaxBy(window => window.MetricTimestamp));
            return
            [
                .. deployments.Select(deployment => new DeploymentFacts(
                    deployment with { ApiKey = null },
                    latest.GetValueOrDefault(deployment.Id),
                    rollouts.Find(rollout => rollout.Id == deployment.Id || rollout.StableDeploymentId == deployment.Id),
                    placed.GetValueOrDefault(deployment.Id))),
            ];
        });
}
