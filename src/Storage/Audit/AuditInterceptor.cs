using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>
/// Records every change of a row that a context saves, in the transaction of the change. Fails the save where it cannot:
/// there is no change without its record and no record without its change. A context whose save failed here is thrown
/// away, as after any failed save: what it tracks is not what the database has.
/// </summary>
internal sealed class AuditInterceptor(AuditTrail trail) : SaveChangesInterceptor
{
    private readonly ConditionalWeakTable<DbContext, PendingAudit> _pending = new();

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result) =>
        throw new NotSupportedException("Rows of audited tables are saved by SaveChangesAsync.");

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } db && ChangedRow.In(db) is { Count: > 0 } rows)
        {
            _pending.AddOrUpdate(db, await PendingAudit.BeginAsync(db, rows, cancellationToken));
        }

        return result;
    }

    public override async ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (Take(eventData.Context) is { } pending)
        {
            await pending.CompleteAsync(trail, cancellationToken);
        }

        return result;
    }

    public override Task SaveChangesFailedAsync(
        DbContextErrorEventData eventData, CancellationToken cancellationToken = default) => AbandonAsync(eventData.Context);

    public override Task SaveChangesCanceledAsync(
        DbContextEventData eventData, CancellationToken cancellationToken = default) => AbandonAsync(eventData.Context);

    private Task AbandonAsync(DbContext? db) => Take(db)?.AbandonAsync() ?? Task.CompletedTask;

    private PendingAudit? Take(DbContext? db) => db is not null && _pending.Remove(db, out var pending) ? pending : null;
}
