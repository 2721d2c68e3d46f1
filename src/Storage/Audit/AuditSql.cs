using Npgsql;
using NpgsqlTypes;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>The two round trips of an append.</summary>
internal static class AuditSql
{
    // Any number, as long as nobody else's: it puts the appends of all silos in a row.
    private const long LockKey = 0x464C_4545_5441;

    private const string LockSql = "SELECT pg_advisory_xact_lock($1)";

    // A statement of its own: its snapshot is taken when the lock is held. The clock is read then too, so that time and
    // sequence go the same way.
    private const string PlaceSql = """
        SELECT
            clock_timestamp(),
            head.day,
            head.sequence,
            head.hash
        FROM (VALUES (1)) AS one (n)
        LEFT JOIN LATERAL (
            SELECT
                day,
                sequence,
                hash
            FROM audit_heads
            ORDER BY day DESC
            LIMIT 1
        ) AS head ON TRUE
        """;

    private const string InsertSql = $"""
        INSERT INTO audit_entries (
            {AuditEntry.Columns}
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """;

    private const string HeadSql = $"""
        INSERT INTO audit_heads ({AuditHead.Columns})
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (day) DO UPDATE
        SET sequence = EXCLUDED.sequence,
            hash = EXCLUDED.hash,
            key_id = EXCLUDED.key_id,
            signature = EXCLUDED.signature
        """;

    /// <summary>Reads the texts asked for, waits for the lock, and says where the next entry goes.</summary>
    public static async Task<(IReadOnlyList<string?> Texts, AuditPlace Place)> LockAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<NpgsqlBatchCommand> reads,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var read in reads)
        {
            batch.BatchCommands.Add(read);
        }

        batch.BatchCommands.Add(new(LockSql) { Parameters = { new() { Value = LockKey } } });
        batch.BatchCommands.Add(new(PlaceSql));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var texts = await ReadTextsAsync(reader, reads.Count, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (texts, ReadPlace(reader));
    }

    /// <summary>The text of each statement's only row; null where it has none.</summary>
    public static async Task<IReadOnlyList<string?>> ReadTextsAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<NpgsqlBatchCommand> reads,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var read in reads)
        {
            batch.BatchCommands.Add(read);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadTextsAsync(reader, reads.Count, cancellationToken);
    }

    /// <summary>Stores entries and their day's new head.</summary>
    public static async Task InsertAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<AuditEntry> entries,
        AuditHead head,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var entry in entries)
        {
            batch.BatchCommands.Add(Insert(entry));
        }

        batch.BatchCommands.Add(new(HeadSql)
        {
            Parameters =
            {
                new() { Value = head.Day },
                new() { Value = head.Sequence },
                new() { Value = Convert.FromHexString(head.Hash) },
                new() { Value = head.KeyId },
                new() { Value = head.Signature },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlBatchCommand Insert(AuditEntry entry) => new(InsertSql)
    {
        Parameters =
        {
            new() { Value = entry.Day },
            new() { Value = entry.Sequence },
            new() { Value = entry.OccurredAt },
            new() { Value = entry.CallerKind },
            Parameter(NpgsqlDbType.Uuid, entry.CallerId),
            new() { Value = entry.CallerName },
            Parameter(NpgsqlDbType.Text, entry.Address),
            Parameter(NpgsqlDbType.Text, entry.RequestId),
            new() { Value = entry.Action },
            new() { Value = entry.Outcome },
            Parameter(NpgsqlDbType.Text, entry.TargetType),
            Parameter(NpgsqlDbType.Text, entry.TargetId),
            Parameter(NpgsqlDbType.Uuid, entry.SiteId),
            Parameter(NpgsqlDbType.Text, entry.Reason),
            Parameter(NpgsqlDbType.Json, entry.Before?.Value),
            Parameter(NpgsqlDbType.Json, entry.After?.Value),
            new() { Value = Convert.FromHexString(entry.PreviousHash) },
            new() { Value = Convert.FromHexString(entry.Hash) },
        },
    };

    private static NpgsqlParameter Parameter(NpgsqlDbType type, object? value) =>
        new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };

    // Leaves the reader at the result that follows.
    private static async Task<IReadOnlyList<string?>> ReadTextsAsync(
        NpgsqlDataReader reader, int count, CancellationToken cancellationToken)
    {
        var texts = new List<string?>(count);
        for (var i = 0; i < count; i++)
        {
            texts.Add(await reader.ReadAsync(cancellationToken) ? reader.GetString(0) : null);
            await reader.NextResultAsync(cancellationToken);
        }

        return texts;
    }

    private static AuditPlace ReadPlace(NpgsqlDataReader row)
    {
        var time = row.GetFieldValue<DateTimeOffset>(0);
        return row.IsDBNull(1)
            ? AuditPlace.Behind(null, time)
            : AuditPlace.Behind(
                (row.GetFieldValue<DateOnly>(1), row.GetInt64(2), Convert.ToHexStringLower(row.GetFieldValue<byte[]>(3))), time);
    }
}
