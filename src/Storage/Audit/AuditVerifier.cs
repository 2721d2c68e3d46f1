using System.Data;
using Npgsql;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>Days of the trail; null: from its beginning, to its end.</summary>
public sealed record AuditDays(DateOnly? From = null, DateOnly? To = null);

/// <summary>Recomputes the audit trail. Memory does not grow with its length, only by some bytes a day.</summary>
/// <param name="database">Where it stands.</param>
/// <param name="signer">Has the key.</param>
/// <param name="note">The head that was noted outside the database, where one is.</param>
public sealed class AuditVerifier(NpgsqlDataSource database, IAuditSigner signer, AuditHeadNote? note = null)
{
    private const string HeadsSql = $"""
        SELECT {AuditHead.Columns}
        FROM audit_heads
        WHERE ($1 IS NULL OR day >= $1)
            AND ($2 IS NULL OR day <= $2)
        ORDER BY day
        """;

    private const string HeadBeforeSql = $"""
        SELECT {AuditHead.Columns}
        FROM audit_heads
        WHERE $1 IS NULL OR day < $1
        ORDER BY day DESC
        LIMIT 1
        """;

    private const string EntriesSql = $"""
        SELECT
            {AuditEntry.Columns}
        FROM audit_entries
        WHERE ($1 IS NULL OR day >= $1)
            AND ($2 IS NULL OR day <= $2)
        ORDER BY
            day,
            sequence
        """;

    private const string HasSql = """
        SELECT EXISTS (
            SELECT 1
            FROM audit_entries
            WHERE day = $1
                AND sequence = $2
                AND hash = $3
        )
        """;

    /// <summary>Checks every row and head of some days; tells each fault as it is found, in the order of the rows.</summary>
    /// <exception cref="InvalidOperationException">There is a noted head that cannot be read.</exception>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away.</exception>
    public Task<AuditSummary> VerifyAsync(AuditDays days, Action<AuditFault> found, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(async () =>
        {
            // Before the snapshot: what is noted then is in it.
            var noted = note?.Read() is { } head && head.Day >= (days.From ?? head.Day) && head.Day <= (days.To ?? head.Day) ? head : null;
            await using var connection = await database.OpenConnectionAsync(cancellationToken);

            // One snapshot: what is appended meanwhile is in neither heads nor rows.
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            var heads = await ReadHeadsAsync(connection, HeadsSql, [days.From, days.To], cancellationToken);
            var before = days.From is null ? [] : await ReadHeadsAsync(connection, HeadBeforeSql, [days.From], cancellationToken);
            var walk = new ChainWalk(heads, before is [var last] ? last.Hash : AuditEntry.NoHash, signer, noted, found);
            await using var command = Command(connection, EntriesSql, [days.From, days.To]);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                walk.Add(AuditEntry.Read(rows));
            }

            walk.End();
            return walk.Summary;
        });

    /// <summary>The newest head; null while nothing was recorded.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away.</exception>
    public Task<AuditHead?> FindNewestHeadAsync(CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await ReadHeadsAsync(connection, HeadBeforeSql, [null], cancellationToken)).SingleOrDefault();
    });

    /// <summary>Whether the trail has a head's row with the head's hash.</summary>
    internal async Task<bool> HasAsync(AuditHead head, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(HasSql);
        command.Parameters.Add(new() { Value = head.Day });
        command.Parameters.Add(new() { Value = head.Sequence });
        command.Parameters.Add(new() { Value = Convert.FromHexString(head.Hash) });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<List<AuditHead>> ReadHeadsAsync(
        NpgsqlConnection connection, string sql, DateOnly?[] days, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql, days);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var heads = new List<AuditHead>();
        while (await rows.ReadAsync(cancellationToken))
        {
            heads.Add(AuditHead.Read(rows));
        }

        return heads;
    }

    // No limit of its own: a trail of years takes its time, and the caller can cancel.
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, DateOnly?[] days)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var day in days)
        {
            command.Parameters.Add(new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Date, Value = (object?)day ?? DBNull.Value });
        }

        return command;
    }
}
