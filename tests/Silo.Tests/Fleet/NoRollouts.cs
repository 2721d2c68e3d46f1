using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Silo.Tests.Fleet;

/// <summary>A fleet in which nothing is rolled out.</summary>
internal sealed class NoRollouts : IRolloutReader
{
    public Task<IReadOnlyList<Guid>> ReadOpenAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Guid>>([]);

    public Task<Guid?> FindOpenAsync(Guid deploymentId, CancellationToken cancellationToken) => Task.FromResult<Guid?>(null);

    public Task<RolloutCamera[]> ReadCamerasAsync(Guid siteId, Guid[]? among, CancellationToken cancellationToken) =>
        Task.FromResult<RolloutCamera[]>([]);
}
