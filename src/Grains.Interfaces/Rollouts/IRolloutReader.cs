namespace OrleansAiFleet.Rollouts;

/// <summary>Reads what rollouts need of rows that are not theirs.</summary>
public interface IRolloutReader
{
    /// <summary>Those that are not settled.</summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<IReadOnlyList<Guid>> ReadOpenAsync(CancellationToken cancellationToken);

    /// <summary>The rollout that is not settled and has this deployment on either side, or null.</summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<Guid?> FindOpenAsync(Guid deploymentId, CancellationToken cancellationToken);

    /// <summary>
    /// The deployment that has taken this one's place by rollouts that were promoted, however many they were; null: none has.
    /// </summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<Guid?> FindSuccessorAsync(Guid deploymentId, CancellationToken cancellationToken);

    /// <summary>Cameras that a deployment looks at: of its site, enabled, and among those that it names. By id.</summary>
    /// <param name="siteId">The site.</param>
    /// <param name="among">Those that it names; null: all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<RolloutCamera[]> ReadCamerasAsync(Guid siteId, Guid[]? among, CancellationToken cancellationToken);
}
