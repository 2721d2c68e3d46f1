using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>One row of the audit trail, as it stands in the database.</summary>
public sealed record AuditEntry
{
    /// <summary>What the first entry of all has before it.</summary>
    internal static readonly string NoHash = new('0', 2 * SHA256.HashSizeInBytes);

    internal const string Columns = """
        day,
            sequence,
            occurred_at,
            caller_kind,
            caller_id,
            caller_name,
            address,
            request_id,
            action,
            outcome,
            target_type,
            target_id,
            site_id,
            reason,
            before,
            after,
            previous_hash,
            hash
        """;

    private const long TicksPerMicrosecond = 10;

    /// <summary>UTC day, never before the day of the entry before.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Counts from 1 within its day, without a gap.</summary>
    public required long Sequence { get; init; }

    /// <summary>By the database's clock.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary><c>fleet</c>, <c>person</c>, <c>key</c> or <c>anonymous</c>.</summary>
    public required string CallerKind { get; init; }

    public Guid? CallerId { get; init; }

    public required string CallerName { get; init; }

    public string? Address { get; init; }

    public string? RequestId { get; init; }

    /// <summary><c>cameras.update</c>, <c>sessions.sign_in</c>.</summary>
    public required string Action { get; init; }

    /// <summary><c>done</c>, <c>refused</c> or <c>failed</c>.</summary>
    public required string Outcome { get; init; }

    public string? TargetType { get; init; }

    public string? TargetId { get; init; }

    public Guid? SiteId { get; init; }

    public string? Reason { get; init; }

    /// <summary>Changed columns as they were, or null. Secrets are <c>***</c>.</summary>
    public JsonText? Before { get; init; }

    /// <summary>Changed columns as they became, or null. Secrets are <c>***</c>.</summary>
    public JsonText? After { get; init; }

    /// <summary>Hash of the entry before, hex.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>SHA-256 over everything above, hex.</summary>
    public string Hash { get; init; } = NoHash;

    /// <summary>The bytes that are hashed. Two different entries never have the same.</summary>
    internal byte[] ToCanonicalBytes() => new CanonicalArray()
        .Add(PreviousHash)
        .Add(Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
        .Add(Sequence)
        .Add((OccurredAt.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TicksPerMicrosecond)
        .Add(CallerKind)
        .Add(CallerId?.ToString("D"))
        .Add(CallerName)
        .Add(Address)
        .Add(RequestId)
        .Add(Action)
        .Add(Outcome)
        .Add(TargetType)
        .Add(TargetId)
        .Add(SiteId?.ToString("D"))
        .Add(Reason)
        .Add(Before?.Value)
        .Add(After?.Value)
        .ToUtf8();

    /// <summary>What <see cref="Hash"/> must be.</summary>
    internal string ComputeHash() => Convert.ToHexStringLower(SHA256.HashData(ToCanonicalBytes()));

    /// <summary>Reads <see cref="Columns"/>.</summary>
    internal static AuditEntry Read(NpgsqlDataReader row) => new()
    {
        Day = row.GetFieldValue<DateOnly>(0),
        Sequence = row.GetInt64(1),
        OccurredAt = row.GetFieldValue<DateTimeOffset>(2),
        CallerKind = row.GetString(3),
        CallerId = row.IsDBNull(4) ? null : row.GetGuid(4),
        CallerName = row.GetString(5),
        Address = TextOf(row, 6),
        RequestId = TextOf(row, 7),
        Action = row.GetString(8),
        Outcome = row.GetString(9),
        TargetType = TextOf(row, 10),
        TargetId = TextOf(row, 11),
        SiteId = row.IsDBNull(12) ? null : row.GetGuid(12),
        Reason = TextOf(row, 13),
        Before = JsonOf(row, 14),
        After = JsonOf(row, 15),
        PreviousHash = Convert.ToHexStringLower(row.GetFieldValue<byte[]>(16)),
        Hash = Convert.ToHexStringLower(row.GetFieldValue<byte[]>(17)),
    };

    private static string? TextOf(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static JsonText? JsonOf(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new JsonText(row.GetString(column));
}
