namespace OrleansAiFleet.Rollouts;

/// <summary>Finds rollouts that somebody has to look after.</summary>
public interface IOpenRolloutReader
{
    /// <summary>Those that are not settled.</summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<IReadOnlyList<Guid>> ReadOpenAsync(CancellationToken cancellationToken);

    /// <summary>The rollout that is not settled and has this deployment on either side, or null.</summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<Guid?> FindOpenAsync(Guid deploymentId, CancellationToken cancellationToken);
}
