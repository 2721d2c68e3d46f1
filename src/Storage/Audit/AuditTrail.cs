using System.Text.Json;
using Npgsql;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>
/// Appends to the audit trail, alone or within the transaction of what is recorded. One append at a time in the whole
/// fleet, from its lock to the transaction's end: take care that the transaction ends soon, and append last in it.
/// </summary>
/// <param name="database">Where it stands.</param>
/// <param name="signer">Asked for at the first append: hosts that only read rows need no key.</param>
/// <param name="fleet">Who acts where nobody asked.</param>
internal sealed class AuditTrail(NpgsqlDataSource database, Lazy<IAuditSigner> signer, FleetCaller fleet) : IAuditTrail
{
    public Task AppendAsync(AuditRecord record, CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AppendAsync(connection, transaction, [record], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    });

    /// <summary>Appends records that stand or fall with a transaction.</summary>
    public Task AppendAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<AuditRecord> records,
        CancellationToken cancellationToken) =>
        AppendAsync(connection, transaction, [], _ => records, cancellationToken);

    /// <summary>The same for records that depend on rows, which are read on the way to the lock.</summary>
    /// <param name="connection">Where the transaction runs.</param>
    /// <param name="transaction">At read committed: what is read after the lock must see what the one before committed.</param>
    /// <param name="reads">Statements that each give one text, or no row.</param>
    /// <param name="recordsOf">Makes the records of those texts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task AppendAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<NpgsqlBatchCommand> reads,
        Func<IReadOnlyList<string?>, IReadOnlyList<AuditRecord>> recordsOf,
        CancellationToken cancellationToken)
    {
        var (texts, place) = await AuditSql.LockAsync(connection, transaction, reads, cancellationToken);
        var entries = Chain(recordsOf(texts), place);
        if (entries.Count > 0)
        {
            await AuditSql.InsertAsync(
                connection, transaction, entries, AuditHead.Of(entries[^1], signer.Value), cancellationToken);
        }
    }

    internal static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static JsonText? JsonOf(string? text) => text is null ? null : JsonText.Parse(text);

    private List<AuditEntry> Chain(IReadOnlyList<AuditRecord> records, AuditPlace place)
    {
        var entries = new List<AuditEntry>(records.Count);
        foreach (var record in records)
        {
            var entry = EntryOf(record, place);
            entry = entry with { Hash = entry.ComputeHash() };
            entries.Add(entry);
            place = place.After(entry);
        }

        return entries;
    }

    private AuditEntry EntryOf(AuditRecord record, AuditPlace place)
    {
        var caller = record.Caller ?? CallerContext.Current ?? fleet.Value;
        return new()
        {
            Day = place.Day,
            Sequence = place.Sequence,
            OccurredAt = place.Time,
            CallerKind = NameOf(caller.Kind),
            CallerId = caller.UserId,
            CallerName = AuditText.Clean(caller.Name, AuditText.LongestName) ?? "",
            Address = AuditText.Clean(caller.Address),
            RequestId = AuditText.Clean(caller.RequestId),
            Action = AuditText.Clean(record.Action, AuditText.LongestKind)!,
            Outcome = NameOf(record.Outcome),
            TargetType = AuditText.Clean(record.TargetType, AuditText.LongestKind),
            TargetId = AuditText.Clean(record.TargetId, AuditText.LongestId),
            SiteId = record.SiteId,
            Reason = AuditText.Clean(record.Reason),
            Before = JsonOf(record.Before),
            After = JsonOf(record.After),
            PreviousHash = place.PreviousHash,
        };
    }
}
