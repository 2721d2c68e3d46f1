namespace OrleansAiFleet.Deployments.Optimization;

/// <summary>Reads what searches need of rows that are not theirs.</summary>
public interface IOptimizationReader
{
    /// <summary>Those that are not settled.</summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<IReadOnlyList<Guid>> ReadOpenAsync(CancellationToken cancellationToken);

    /// <summary>The search of this deployment that is not settled, or null.</summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<Guid?> FindOpenAsync(Guid deploymentId, CancellationToken cancellationToken);
}
