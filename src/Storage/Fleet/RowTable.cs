using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Orleans.Storage;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>A row with the version it has in the database.</summary>
internal sealed record VersionedRow<T>(T Row, string Version);

/// <summary>
/// Reads and writes one row at a time with optimistic concurrency: a write says which version it read, and loses where
/// the row has another one by now.
/// </summary>
internal sealed class RowTable<T>(IDbContextFactory<FleetContext> contexts)
    where T : class
{
    /// <summary>The row, or null where there is none.</summary>
    public async Task<VersionedRow<T>?> FindAsync(Guid id)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await FindAsync(db, id);
    }

    /// <summary>Inserts the row (no version) or updates the version that was read, and gives it as it stands then.</summary>
    /// <param name="id">The row's id.</param>
    /// <param name="row">The row.</param>
    /// <param name="version">The version that was read; null: there is none yet.</param>
    /// <param name="along">Adds rows that are written in the same transaction; null: none.</param>
    /// <exception cref="InconsistentStateException">The row has another version by now, or exists already.</exception>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">A constraint forbids the row.</exception>
    public async Task<VersionedRow<T>> WriteAsync(Guid id, T row, string? version, Action<FleetContext>? along = null)
    {
        await using var db = await contexts.CreateDbContextAsync();

        // A row handed to callers is never written to: the context gets a copy of its own.
        var entry = db.Entry((T)db.Entry(row).CurrentValues.ToObject());
        entry.State = version is null ? EntityState.Added : EntityState.Modified;
        if (version is not null)
        {
            entry.Property(FleetContext.RowVersion).OriginalValue = Parse(version);
        }

        LeaveTimesToTheDatabase(entry);
        along?.Invoke(db);
        try
        {
            await db.SaveChangesAsync();
        }
        catch (DbUpdateConcurrencyException)
        {
            throw await InconsistentAsync(id, version);
        }
        catch (DbUpdateException exception) when (RowRefusals.IsTakenId(exception))
        {
            throw await InconsistentAsync(id, version);
        }
        catch (DbUpdateException exception) when (RowRefusals.IsRefusal(exception))
        {
            throw await RowRefusals.OfWriteAsync(exception, entry, db);
        }

        // Read back: the database rounds, fills in and keeps times. It may be a later version already; so be it.
        return await FindAsync(db, id) ?? throw await InconsistentAsync(id, version);
    }

    /// <summary>Deletes the version that was read. A row that is gone already is fine.</summary>
    /// <exception cref="InconsistentStateException">The row has another version by now.</exception>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">Other rows refer to it.</exception>
    public async Task DeleteAsync(Guid id, string version)
    {
        await using var db = await contexts.CreateDbContextAsync();
        if (await FindAsync(db, id) is not { } found)
        {
            return;
        }

        var entry = db.Entry(found.Row);
        entry.State = EntityState.Deleted;
        entry.Property(FleetContext.RowVersion).OriginalValue = Parse(version);
        try
        {
            await db.SaveChangesAsync();
        }
        catch (DbUpdateConcurrencyException)
        {
            if (await FindAsync(db, id) is not null)
            {
                throw await InconsistentAsync(id, version);
            }
        }
        catch (DbUpdateException exception) when (RowRefusals.FindOfDelete(exception) is { } refusal)
        {
            throw refusal;
        }
    }

    private static IQueryable<T> WithId(FleetContext db, Guid id) =>
        db.Set<T>().AsNoTracking().Where(row => EF.Property<Guid>(row, "Id") == id);

    private static async Task<VersionedRow<T>?> FindAsync(FleetContext db, Guid id)
    {
        var found = await WithId(db, id)
            .Select(row => new { Row = row, Version = EF.Property<uint>(row, FleetContext.RowVersion) })
            .SingleOrDefaultAsync();
        return found is null ? null : new(found.Row, found.Version.ToString(CultureInfo.InvariantCulture));
    }

    // An update never changes created_at, and a time that nobody set is left to the column's trigger.
    private static void LeaveTimesToTheDatabase(EntityEntry entry)
    {
        foreach (var property in entry.Properties.Where(_ => entry.State == EntityState.Modified))
        {
            if (property.Metadata.Name == "CreatedAt" || property.CurrentValue is DateTimeOffset { Ticks: 0 })
            {
                property.IsModified = false;
            }
        }
    }

    private static uint Parse(string version) => uint.Parse(version, CultureInfo.InvariantCulture);

    private async Task<InconsistentStateException> InconsistentAsync(Guid id, string? read)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var table = db.Model.FindEntityType(typeof(T))!.GetTableName();
        var stored = (await FindAsync(db, id))?.Version;
        return new(
            $"{table} {id} was changed by somebody else: read at version {read ?? "none"}, stored is {stored ?? "no row"}.",
            stored ?? "no row",
            read ?? "none");
    }
}
