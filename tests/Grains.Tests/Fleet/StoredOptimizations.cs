using OrleansAiFleet.Deployments.Optimization;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>Searches that are not settled, by the rows of a <see cref="FleetStore"/>.</summary>
internal sealed class StoredOptimizations(FleetStore store) : IOptimizationReader
{
    public Task<IReadOnlyList<Guid>> ReadOpenAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Guid>>([.. Open().Select(search => search.Id)]);

    public Task<Guid?> FindOpenAsync(Guid deploymentId, CancellationToken cancellationToken) =>
        Task.FromResult(Open().Where(search => search.DeploymentId == deploymentId).Select(search => (Guid?)search.Id).FirstOrDefault());

    private IEnumerable<PerformanceOptimization> Open() => store.All<PerformanceOptimization>().Where(search => !search.IsSettled);
}
