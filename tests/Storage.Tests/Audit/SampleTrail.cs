using System.Globalization;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Audit;

/// <summary>A trail of three days with five rows each, and what somebody who owns the tables can do to it.</summary>
internal static class SampleTrail
{
    public const int RowsPerDay = 5;

    public static readonly DateOnly First = new(2026, 3, 1);

    public static readonly DateOnly Second = First.AddDays(1);

    public static readonly DateOnly Third = First.AddDays(2);

    public static async Task FillAsync(FleetDatabase database)
    {
        var previous = AuditEntry.NoHash;
        foreach (var day in new[] { First, Second, Third })
        {
            var entries = new List<AuditEntry>();
            for (var sequence = 1; sequence <= RowsPerDay; sequence++)
            {
                entries.Add(EntryOf(day, sequence, previous));
                previous = entries[^1].Hash;
            }

            await InsertAsync(database, entries, AuditHead.Of(entries[^1], database.Get<IAuditSigner>()));
        }
    }

    public static AuditEntry EntryOf(DateOnly day, long sequence, string previous)
    {
        var entry = new AuditEntry
        {
            Day = day,
            Sequence = sequence,
            OccurredAt = new(day, new TimeOnly(12, (int)sequence), TimeSpan.Zero),
            CallerKind = "person",
            CallerId = new("11111111-2222-3333-4444-555555555555"),
            CallerName = "ada",
            Address = "192.0.2.7",
            RequestId = "request",
            Action = sequence % 2 == 0 ? "cameras.update" : "sites.update",
            Outcome = "done",
            TargetType = sequence % 2 == 0 ? "cameras" : "sites",
            TargetId = sequence.ToString(CultureInfo.InvariantCulture),
            SiteId = new("99999999-2222-3333-4444-555555555555"),
            Reason = "because",
            Before = new JsonText("""{"name": "Gate"}"""),
            After = new JsonText("""{"name": "Door"}"""),
            PreviousHash = previous,
        };
        return entry with { Hash = entry.ComputeHash() };
    }

    /// <summary>Writes entries and a head past the trail itself.</summary>
    public static async Task InsertAsync(FleetDatabase database, IReadOnlyList<AuditEntry> entries, AuditHead head)
    {
        await using var connection = await database.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await AuditSql.InsertAsync(connection, transaction, entries, head, CancellationToken.None);
        await transaction.CommitAsync();
    }

    /// <summary>Runs a statement with the tables' triggers off, as their owner can.</summary>
    public static Task TamperAsync(this FleetDatabase database, string sql) => database.ExecuteAsync(
        $"""
        ALTER TABLE audit_entries DISABLE TRIGGER USER;
        ALTER TABLE audit_heads DISABLE TRIGGER USER;
        {sql};
        ALTER TABLE audit_entries ENABLE TRIGGER USER;
        ALTER TABLE audit_heads ENABLE TRIGGER USER
        """);

    /// <summary>Gives every entry from some place on a right hash again, and all days heads of another key.</summary>
    public static async Task ChainAgainAsync(this FleetDatabase database, IAuditSigner signer)
    {
        var previous = AuditEntry.NoHash;
        var chained = new List<AuditEntry>();
        foreach (var entry in await database.EntriesAsync())
        {
            var next = entry with { PreviousHash = previous };
            chained.Add(next with { Hash = next.ComputeHash() });
            previous = chained[^1].Hash;
        }

        await database.TamperAsync("DELETE FROM audit_entries; DELETE FROM audit_heads");
        foreach (var day in chained.GroupBy(entry => entry.Day))
        {
            await InsertAsync(database, [.. day], AuditHead.Of(day.Last(), signer));
        }
    }
}
