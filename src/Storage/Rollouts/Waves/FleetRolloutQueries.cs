using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Rollouts.Waves;

/// <summary>Which fleet rollouts; null takes all.</summary>
/// <param name="ModelId">Of one version.</param>
/// <param name="IsSettled">Those that are over, or those that are not.</param>
/// <param name="Scope">All of whose sites are within it.</param>
public sealed record FleetRolloutFilter(Guid? ModelId = null, bool? IsSettled = null, SiteScope? Scope = null);

/// <summary>Lists of fleet rollouts and of their sites.</summary>
public sealed class FleetRolloutQueries(IDbContextFactory<FleetContext> contexts)
{
    /// <summary>Fleet rollouts, newest first.</summary>
    /// <exception cref="FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public Task<Page<FleetRollout>> ListAsync(FleetRolloutFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        page.Check();
        var among = filter.Scope?.ToArray();
        return DatabaseOutage.GuardAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await db.FleetRollouts.AsNoTracking()
                .Where(rollout => among == null
                    || !db.FleetRolloutSites.Any(site => site.FleetRolloutId == rollout.Id && !among.Contains(site.SiteId)))
                .Where(rollout => filter.ModelId == null || rollout.ModelId == filter.ModelId)
                .Where(rollout => filter.IsSettled == null || rollout.IsSettled == filter.IsSettled)
                .PageAsync(page, nameof(FleetRollout.CreatedAt), rollout => new(rollout.CreatedAt, rollout.Id), cancellationToken);
        });
    }

    /// <summary>Sites of a fleet rollout by their position, those in one state where it is given.</summary>
    /// <exception cref="FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public Task<Page<FleetRolloutSite>> ListSitesAsync(
        Guid fleetRolloutId, FleetSiteState? state, PageRequest page, CancellationToken cancellationToken)
    {
        page.CheckLimit();
        var after = page.Cursor is null ? -1
            : int.TryParse(page.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position
            : throw new FleetRefusedException(
                RefusalKind.Invalid, "cursor", "cursor is none that a list gave: take next_cursor of the page before, as it is.");
        return DatabaseOutage.GuardAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var found = await db.FleetRolloutSites.AsNoTracking()
                .Where(site => site.FleetRolloutId == fleetRolloutId && site.Position > after && (state == null || site.State == state))
                .OrderBy(site => site.Position)
                .Take(page.Limit + 1)
                .ToListAsync(cancellationToken);
            return found.Count <= page.Limit
                ? new Page<FleetRolloutSite>(found, null)
                : new Page<FleetRolloutSite>(
                    found[..page.Limit], found[page.Limit - 1].Position.ToString(CultureInfo.InvariantCulture));
        });
    }

    /// <summary>The sites of a fleet rollout; none where there is no such fleet rollout.</summary>
    /// <exception cref="FleetRefusedException">The database is away.</exception>
    public Task<Guid[]> ReadSiteIdsAsync(Guid fleetRolloutId, CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.FleetRolloutSites.AsNoTracking().Where(site => site.FleetRolloutId == fleetRolloutId)
            .Select(site => site.SiteId).ToArrayAsync(cancellationToken);
    });
}
