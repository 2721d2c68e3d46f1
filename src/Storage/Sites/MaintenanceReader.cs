using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Sites;

/// <summary>Reads where maintenance is going on.</summary>
internal sealed class MaintenanceReader(IDbContextFactory<FleetContext> contexts) : IMaintenanceReader
{
    public Task<IReadOnlyList<MaintenanceMode>> ReadHoldingAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync<IReadOnlyList<MaintenanceMode>>(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await db.MaintenanceModes.AsNoTracking()
                .Where(mode => mode.IsEnabled && (mode.EndsAt == null || mode.EndsAt > now))
                .OrderBy(mode => mode.Id).ToListAsync(cancellationToken);
        });
}
