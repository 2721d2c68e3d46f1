using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Audit;

namespace OrleansAiFleet.Storage.Tests.Audit;

public sealed class CanonicalFormTests
{
    private static readonly string[] Pieces =
    [
        "", "a", "\"", "\\", ",", "[", "]", "null", "\",\"", "\\\"", "\n", "\r\n", "\t", "\b", "\f", "\u0001", "\u001f", "\u007f",
        "\u2028", "ä", "€", "😀", "/", "<", "é", "e\u0301", "0", "-1", "\\u0041", " ",
    ];

    // What can be read back out of the bytes is in the bytes: no two records that differ can have the same.
    [Fact]
    public void Every_field_of_any_entry_can_be_read_back_out_of_its_bytes()
    {
        var random = new Random(20260331);
        for (var i = 0; i < 5_000; i++)
        {
            var entry = EntryOf(random);

            using var read = JsonDocument.Parse(entry.ToCanonicalBytes());

            Assert.Equal(FieldsOf(entry), read.RootElement.EnumerateArray().Select(TextOf));
        }
    }

    [Fact]
    public void Two_entries_that_differ_in_one_field_never_have_the_same_bytes()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var entry = EntryOf(random);
            AuditEntry[] others =
            [
                entry with { PreviousHash = HashOf(random) },
                entry with { Day = entry.Day.AddDays(1) },
                entry with { Sequence = entry.Sequence + 1 },
                entry with { OccurredAt = entry.OccurredAt.AddTicks(10) },
                entry with { CallerKind = entry.CallerKind + "x" },
                entry with { CallerId = Guid.NewGuid() },
                entry with { CallerName = entry.CallerName + "," },
                entry with { Address = Other(entry.Address) },
                entry with { RequestId = Other(entry.RequestId) },
                entry with { Action = entry.Action + "x" },
                entry with { Outcome = entry.Outcome + "x" },
                entry with { TargetType = Other(entry.TargetType) },
                entry with { TargetId = Other(entry.TargetId) },
                entry with { SiteId = Guid.NewGuid() },
                entry with { Reason = Other(entry.Reason) },
                entry with { Before = new JsonText((entry.Before?.Value ?? "") + " ") },
                entry with { After = new JsonText((entry.After?.Value ?? "") + " ") },
            ];

            Assert.Equal(others.Length + 1, others.Append(entry).Select(one => one.ComputeHash()).Distinct().Count());
        }
    }

    [Fact]
    public void The_form_is_the_one_that_hashes_of_years_ago_were_made_of()
    {
        var entry = new AuditEntry
        {
            Day = new(2026, 3, 1),
            Sequence = 7,
            OccurredAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(1234567),
            CallerKind = "person",
            CallerId = new("11111111-2222-3333-4444-555555555555"),
            CallerName = "Ada \"A\" Ü\n",
            Action = "cameras.update",
            Outcome = "done",
            TargetType = "cameras",
            TargetId = "1",
            After = new("""{"name": "Gate"}"""),
            PreviousHash = AuditEntry.NoHash,
        };

        var text = Encoding.UTF8.GetString(entry.ToCanonicalBytes());

        Assert.Equal(
            $$"""
            ["{{AuditEntry.NoHash}}","2026-03-01",7,1772366400123456,"person","11111111-2222-3333-4444-555555555555","Ada \"A\" Ü\n",null,null,"cameras.update","done","cameras","1",null,null,null,"{\"name\": \"Gate\"}"]
            """,
            text);
    }

    private static string? Other(string? text) => text is null ? "" : text + "\\";

    private static IEnumerable<string?> FieldsOf(AuditEntry entry) =>
    [
        entry.PreviousHash,
        entry.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        entry.Sequence.ToString(CultureInfo.InvariantCulture),
        ((entry.OccurredAt - DateTimeOffset.UnixEpoch).Ticks / 10).ToString(CultureInfo.InvariantCulture),
        entry.CallerKind,
        entry.CallerId?.ToString(),
        entry.CallerName,
        entry.Address,
        entry.RequestId,
        entry.Action,
        entry.Outcome,
        entry.TargetType,
        entry.TargetId,
        entry.SiteId?.ToString(),
        entry.Reason,
        entry.Before?.Value,
        entry.After?.Value,
    ];

    private static string? TextOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => element.GetInt64().ToString(CultureInfo.InvariantCulture),
        _ => element.GetString(),
    };

    private static AuditEntry EntryOf(Random random) => new()
    {
        PreviousHash = HashOf(random),
        Day = DateOnly.FromDayNumber(random.Next(700_000, 800_000)),
        Sequence = random.NextInt64(1, long.MaxValue),
        OccurredAt = DateTimeOffset.UnixEpoch.AddTicks(10 * random.NextInt64(0, 4_000_000_000_000_000)),
        CallerKind = Text(random),
        CallerId = Maybe<Guid?>(random, Guid.NewGuid()),
        CallerName = Text(random),
        Address = Maybe(random, Text(random)),
        RequestId = Maybe(random, Text(random)),
        Action = Text(random),
        Outcome = Text(random),
        TargetType = Maybe(random, Text(random)),
        TargetId = Maybe(random, Text(random)),
        SiteId = Maybe<Guid?>(random, Guid.NewGuid()),
        Reason = Maybe(random, Text(random)),
        Before = Maybe<JsonText?>(random, new JsonText(Text(random))),
        After = Maybe<JsonText?>(random, new JsonText(Text(random))),
    };

    private static string HashOf(Random random)
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static string Text(Random random) => string.Concat(random.GetItems(Pieces, random.Next(6)));

    private static T? Maybe<T>(Random random, T value) => random.Next(3) == 0 ? default : value;
}
