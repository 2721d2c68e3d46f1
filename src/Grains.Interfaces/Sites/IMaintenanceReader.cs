namespace OrleansAiFleet.Sites;

/// <summary>Reads where maintenance is going on.</summary>
public interface IMaintenanceReader
{
    /// <summary>Modes that hold now.</summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<IReadOnlyList<MaintenanceMode>> ReadHoldingAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
