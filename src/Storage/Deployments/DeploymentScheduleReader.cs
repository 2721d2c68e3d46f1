using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Deployments;

/// <summary>Finds deployments whose start or end has come.</summary>
internal sealed class DeploymentScheduleReader(IDbContextFactory<FleetContext> contexts) : IDeploymentScheduleReader
{
    // A round each; what is left over comes in the next, seconds later.
    private const int MostAtOnce = 1000;

    public Task<IReadOnlyList<Guid>> ReadDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync<IReadOnlyList<Guid>>(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var starting = await db.Deployments.AsNoTracking()
                .Where(deployment => deployment.DeploymentStatus == DeploymentStatus.Pending && deployment.ScheduledStartTime <= now)
                .OrderBy(deployment => deployment.ScheduledStartTime).Select(deployment => deployment.Id)
                .Take(MostAtOnce).ToListAsync(cancellationToken);
            var ending = await db.Deployments.AsNoTracking()
                .Where(deployment => deployment.DeploymentStatus != DeploymentStatus.Terminated && deployment.ScheduledEndTime <= now)
                .Where(deployment => !db.Rollouts.Any(rollout => !rollout.IsSettled
                    && (rollout.Id == deployment.Id || rollout.StableDeploymentId == deployment.Id)))
                .OrderBy(deployment => deployment.ScheduledEndTime).Select(deployment => deployment.Id)
                .Take(MostAtOnce).ToListAsync(cancellationToken);
            return [.. starting.Union(ending)];
        });
}
