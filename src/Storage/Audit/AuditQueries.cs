using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>Which entries; null takes all.</summary>
/// <param name="From">At or after this instant.</param>
/// <param name="To">Before this instant.</param>
/// <param name="Caller">Of this caller: exactly its name, or its id.</param>
/// <param name="Action">Whose action begins so: <c>cameras.</c></param>
/// <param name="Outcome">Which ended so.</param>
/// <param name="TargetType">Of this table or kind.</param>
/// <param name="TargetId">Of this one.</param>
/// <param name="SiteId">Of this site.</param>
public sealed record AuditFilter(
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    string? Caller = null,
    string? Action = null,
    AuditOutcome? Outcome = null,
    string? TargetType = null,
    string? TargetId = null,
    Guid? SiteId = null);

/// <summary>Searches the audit trail.</summary>
public sealed class AuditQueries(NpgsqlDataSource database)
{
    // A condition whose parameter is null folds away when the statement is planned.
    private const string Sql = $"""
        SELECT
            {AuditEntry.Columns}
        FROM audit_entries
        WHERE ($1 IS NULL OR occurred_at >= $1)
            AND ($2 IS NULL OR occurred_at < $2)
            AND ($3 IS NULL OR caller_id = $3)
            AND ($4 IS NULL OR caller_name = $4)
            AND ($5 IS NULL OR action LIKE $5)
            AND ($6 IS NULL OR outcome = $6)
            AND ($7 IS NULL OR target_type = $7)
            AND ($8 IS NULL OR target_id = $8)
            AND ($9 IS NULL OR site_id = $9)
            AND ($10 IS NULL OR (day, sequence) < ($10, $11))
        ORDER BY
            day DESC,
            sequence DESC
        LIMIT $12
        """;

    /// <summary>Entries, newest first.</summary>
    /// <exception cref="FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public Task<Page<AuditEntry>> ListAsync(AuditFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var after = page.Check();
        return DatabaseOutage.GuardAsync(() => ReadAsync(filter, page, after, cancellationToken));
    }

    /// <summary>All entries, newest first, a page at a time: a slow reader holds no connection.</summary>
    /// <exception cref="FleetRefusedException">The database is away.</exception>
    public async IAsyncEnumerable<AuditEntry> ReadAllAsync(
        AuditFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new PageRequest(PageRequest.MaximumLimit);
        while (true)
        {
            var page = await ListAsync(filter, request, cancellationToken);
            foreach (var entry in page.Items)
            {
                yield return entry;
            }

            if (page.NextCursor is null)
            {
                yield break;
            }

            request = request with { Cursor = page.NextCursor };
        }
    }

    private static string? PrefixOf(string? action) => action is null
        ? null
        : action.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal) + "%";

    // The lists' cursor is a time and an id: here the day, and the number in it.
    private static PageCursor CursorOf(AuditEntry entry)
    {
        Span<byte> number = stackalloc byte[16];
        number.Clear();
        BinaryPrimitives.WriteInt64BigEndian(number[8..], entry.Sequence);
        return new(new(entry.Day, TimeOnly.MinValue, TimeSpan.Zero), new Guid(number, bigEndian: true));
    }

    private static long SequenceOf(PageCursor cursor)
    {
        Span<byte> number = stackalloc byte[16];
        cursor.Id.TryWriteBytes(number, bigEndian: true, out _);
        return BinaryPrimitives.ReadInt64BigEndian(number[8..]);
    }

    private static NpgsqlParameter Parameter(NpgsqlDbType type, object? value) =>
        new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };

    private async Task<Page<AuditEntry>> ReadAsync(
        AuditFilter filter, PageRequest page, PageCursor? after, CancellationToken cancellationToken)
    {
        Guid? callerId = Guid.TryParse(filter.Caller, out var id) ? id : null;
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddRange(new[]
        {
            Parameter(NpgsqlDbType.TimestampTz, filter.From?.ToUniversalTime()),
            Parameter(NpgsqlDbType.TimestampTz, filter.To?.ToUniversalTime()),
            Parameter(NpgsqlDbType.Uuid, callerId),
            Parameter(NpgsqlDbType.Text, callerId is null ? filter.Caller : null),
            Parameter(NpgsqlDbType.Text, PrefixOf(filter.Action)),
            Parameter(NpgsqlDbType.Text, filter.Outcome is { } outcome ? AuditTrail.NameOf(outcome) : null),
            Parameter(NpgsqlDbType.Text, filter.TargetType),
            Parameter(NpgsqlDbType.Text, filter.TargetId),
            Parameter(NpgsqlDbType.Uuid, filter.SiteId),
            Parameter(NpgsqlDbType.Date, after is { } last ? DateOnly.FromDateTime(last.Time.UtcDateTime) : null),
            Parameter(NpgsqlDbType.Bigint, after is { } cursor ? SequenceOf(cursor) : null),
            Parameter(NpgsqlDbType.Integer, page.Limit + 1),
        });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<AuditEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(AuditEntry.Read(reader));
        }

        return page.Cut(found, CursorOf);
    }
}
