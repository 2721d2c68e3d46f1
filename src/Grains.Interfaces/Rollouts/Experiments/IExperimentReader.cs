namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>Reads what experiments need of rows that are not theirs.</summary>
public interface IExperimentReader
{
    /// <summary>Those that are not settled.</summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<IReadOnlyList<Guid>> ReadOpenAsync(CancellationToken cancellationToken);
}
