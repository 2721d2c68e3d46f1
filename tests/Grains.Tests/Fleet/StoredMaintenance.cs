using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>Where maintenance is going on, by the rows of a <see cref="FleetStore"/>.</summary>
internal sealed class StoredMaintenance(FleetStore store) : IMaintenanceReader
{
    public Task<IReadOnlyList<MaintenanceMode>> ReadHoldingAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<MaintenanceMode>>([.. store.All<MaintenanceMode>().Where(mode => mode.HoldsAt(now))]);
}
