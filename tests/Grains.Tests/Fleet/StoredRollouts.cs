using OrleansAiFleet.Cameras;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>Rollouts that are not settled, by the rows of a <see cref="FleetStore"/>.</summary>
internal sealed class StoredRollouts(FleetStore store) : IRolloutReader
{
    public Task<IReadOnlyList<Guid>> ReadOpenAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Guid>>([.. Open().Select(rollout => rollout.Id)]);

    public Task<Guid?> FindOpenAsync(Guid deploymentId, CancellationToken cancellationToken) => Task.FromResult(
        Open().FirstOrDefault(rollout => rollout.Id == deploymentId || rollout.StableDeploymentId == deploymentId)?.Id);

    public Task<Guid?> FindSuccessorAsync(Guid deploymentId, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Grains do not ask for it.");

    public Task<RolloutCamera[]> ReadCamerasAsync(Guid siteId, Guid[]? among, CancellationToken cancellationToken) => Task.FromResult<RolloutCamera[]>(
    [
        .. store.All<Camera>().Where(camera => camera.SiteId == siteId && camera.Enabled && among?.Contains(camera.Id) != false)
            .OrderBy(camera => camera.Id).Select(camera => new RolloutCamera(camera.Id, camera.Scene)),
    ]);

    private IEnumerable<Rollout> Open() => store.All<Rollout>().Where(rollout => !rollout.IsSettled);
}
