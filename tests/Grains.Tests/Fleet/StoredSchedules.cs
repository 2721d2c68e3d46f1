using OrleansAiFleet.Deployments;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>Deployments whose time has come, by the rows of a <see cref="FleetStore"/>.</summary>
internal sealed class StoredSchedules(FleetStore store) : IDeploymentScheduleReader
{
    public Task<IReadOnlyList<Guid>> ReadDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var busy = store.All<Rollout>().Where(rollout => !rollout.IsSettled)
            .SelectMany(rollout => new[] { rollout.Id, rollout.StableDeploymentId }).ToHashSet();
        return Task.FromResult<IReadOnlyList<Guid>>(
        [
            .. store.All<Deployment>().Where(deployment =>
                (deployment.DeploymentStatus == DeploymentStatus.Pending && deployment.ScheduledStartTime <= now)
                || (deployment.DeploymentStatus != DeploymentStatus.Terminated && deployment.ScheduledEndTime <= now && !busy.Contains(deployment.Id)))
                .Select(deployment => deployment.Id),
        ]);
    }
}
