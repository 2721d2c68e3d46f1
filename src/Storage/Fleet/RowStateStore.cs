using Microsoft.EntityFrameworkCore;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>State that is one row; the grain's key is the row's id.</summary>
internal sealed class RowStateStore<T>(IDbContextFactory<FleetContext> contexts, Func<T, Guid> idOf) : IStateStore<T>
    where T : class, new()
{
    private readonly RowTable<T> _table = new(contexts);

    public async Task ReadAsync(GrainId grain, IGrainState<T> state) =>
        Take(state, await _table.FindAsync(grain.GetGuidKey()));

    public async Task WriteAsync(GrainId grain, IGrainState<T> state)
    {
        var id = grain.GetGuidKey();
        if (idOf(state.State!) != id)
        {
            throw new ArgumentException($"The row of grain {grain} has another id: {idOf(state.State!)}.", nameof(state));
        }

        Take(state, await _table.WriteAsync(id, state.State!, state.ETag));
    }

    public async Task ClearAsync(GrainId grain, IGrainState<T> state)
    {
        if (state.ETag is not null)
        {
            await _table.DeleteAsync(grain.GetGuidKey(), state.ETag);
        }

        Take(state, null);
    }

    private static void Take(IGrainState<T> state, VersionedRow<T>? found)
    {
        state.State = found?.Row ?? new();
        state.ETag = found?.Version!;
        state.RecordExists = found is not null;
    }
}
