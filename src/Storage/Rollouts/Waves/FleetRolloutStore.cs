using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Rollouts.Waves;

/// <summary>
/// The state of a fleet rollout: its row and those of its sites, written together. The version of its row goes for all of them, so that
/// it is written with every change of a site.
/// </summary>
internal sealed class FleetRolloutStore(IDbContextFactory<FleetContext> contexts) : IStateStore<FleetRolloutState>
{
    private readonly RowTable<FleetRollout> _table = new(contexts);

    public async Task ReadAsync(GrainId grain, IGrainState<FleetRolloutState> state)
    {
        var id = grain.GetGuidKey();
        var found = await _table.FindAsync(id);
        Take(state, found, found is null ? [] : await ReadSitesAsync(id));
    }

    public async Task WriteAsync(GrainId grain, IGrainState<FleetRolloutState> state)
    {
        var written = state.State!;
        var changed = written.Changed?.ToHashSet();
        var row = await _table.WriteAsync(grain.GetGuidKey(), written.Row, state.ETag, db =>
        {
            foreach (var site in written.Sites.Where(site => changed?.Contains(site.Id) != false))
            {
                db.Entry(site).State = changed is null ? EntityState.Added : EntityState.Modified;
            }
        });
        Take(state, row, written.Sites);
    }

    public Task ClearAsync(GrainId grain, IGrainState<FleetRolloutState> state) =>
        throw new NotSupportedException("Fleet rollouts are kept.");

    private static void Take(IGrainState<FleetRolloutState> state, VersionedRow<FleetRollout>? found, FleetRolloutSite[] sites)
    {
        state.State = found is null ? new() : new() { Row = found.Row, Sites = sites, Changed = [] };
        state.ETag = found?.Version!;
        state.RecordExists = found is not null;
    }

    private async Task<FleetRolloutSite[]> ReadSitesAsync(Guid id)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await db.FleetRolloutSites.AsNoTracking().Where(site => site.FleetRolloutId == id).OrderBy(site => site.Position).ToArrayAsync();
    }
}
