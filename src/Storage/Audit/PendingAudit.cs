using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using OrleansAiFleet.Audit;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>
/// One save of audited rows, between its start and its end. It runs in the transaction that is open already, or in one of
/// its own: either way change and record are committed together.
/// </summary>
internal sealed class PendingAudit
{
    private readonly DbContext _db;
    private readonly IReadOnlyList<ChangedRow> _rows;
    private readonly IDbContextTransaction? _own;
    private readonly bool _savepoints;

    private PendingAudit(DbContext db, IReadOnlyList<ChangedRow> rows, IDbContextTransaction? own)
    {
        (_db, _rows, _own) = (db, rows, own);
        _savepoints = db.Database.AutoSavepointsEnabled;
    }

    private NpgsqlConnection Connection => (NpgsqlConnection)_db.Database.GetDbConnection();

    private NpgsqlTransaction Transaction => (NpgsqlTransaction)_db.Database.CurrentTransaction!.GetDbTransaction();

    /// <summary>Opens the transaction where there is none, and reads the rows as they stand.</summary>
    public static async Task<PendingAudit> BeginAsync(
        DbContext db, IReadOnlyList<ChangedRow> rows, CancellationToken cancellationToken)
    {
        var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        var pending = new PendingAudit(db, rows, own);
        try
        {
            await pending.HoldRowsAsync(cancellationToken);
            return pending;
        }
        catch
        {
            await pending.AbandonAsync();
            throw;
        }
    }

    /// <summary>Appends the records and commits what was begun here.</summary>
    public async Task CompleteAsync(AuditTrail trail, CancellationToken cancellationToken)
    {
        try
        {
            await trail.AppendAsync(
                Connection,
                Transaction,
                [.. _rows.Where(row => row.Stays).Select(row => row.Read())],
                RecordsOf,
                cancellationToken);
            if (_own is not null)
            {
                await _own.CommitAsync(cancellationToken);
            }
        }
        finally
        {
            await AbandonAsync();
        }
    }

    /// <summary>Takes back what was begun here and not committed.</summary>
    public async Task AbandonAsync()
    {
        if (_own is not null)
        {
            await _own.DisposeAsync();
            _db.Database.AutoSavepointsEnabled = _savepoints;
        }
    }

    private async Task HoldRowsAsync(CancellationToken cancellationToken)
    {
        if (_own is not null)
        {
            // Nothing came before the save in this transaction: there is nothing to go back to.
            _db.Database.AutoSavepointsEnabled = false;
        }

        ChangedRow[] held = [.. _rows.Where(row => row.WasThere)];
        if (held.Length == 0)
        {
            return;
        }

        var texts = await AuditSql.ReadTextsAsync(
            Connection, Transaction, [.. held.Select(row => row.Hold())], cancellationToken);
        foreach (var (row, text) in held.Zip(texts))
        {
            row.Before = text;
        }
    }

    private IReadOnlyList<AuditRecord> RecordsOf(IReadOnlyList<string?> texts)
    {
        var after = new Queue<string?>(texts);
        var action = AuditAction.Current;
        return
        [
            .. _rows
                .Select(row => RowDifference.Of(row.Table, row.Id, row.Before, row.Stays ? after.Dequeue() : null, action))
                .OfType<AuditRecord>(),
        ];
    }
}
