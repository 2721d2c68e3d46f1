using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Silo.Tests.Fleet;

/// <summary>A fleet in which nothing is rolled out now.</summary>
internal sealed class NoRollouts : IRolloutReader
{
    public Task<IReadOnlyList<Guid>> ReadOpenAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Guid>>([]);

    public Task<Guid?> FindOpenAsync(Guid deploymentId, CancellationToken cancellationToken) => Task.FromResult<Guid?>(null);

    /// <summary>Which deployment took which one's place.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<Guid, Guid> Successors { get; } = new();

    public Task<Guid?> FindSuccessorAsync(Guid deploymentId, CancellationToken cancellationToken) =>
        Task.FromResult(Successors.TryGetValue(deploymentId, out var successor) ? successor : (Guid?)null);

    public Task<RolloutCamera[]> ReadCamerasAsync(Guid siteId, Guid[]? among, CancellationToken cancellationToken) =>
        Task.FromResult<RolloutCamera[]>([]);
}
