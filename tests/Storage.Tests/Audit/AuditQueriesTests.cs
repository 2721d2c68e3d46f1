using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Audit;

public sealed class AuditQueriesTests : IAsyncLifetime
{
    private readonly FleetDatabase _database = new();

    private AuditQueries Queries => _database.Get<AuditQueries>();

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await SampleTrail.FillAsync(_database);
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Pages_hold_every_entry_once_newest_first()
    {
        var pages = new List<Page<AuditEntry>> { await Queries.ListAsync(new(), new(4), CancellationToken.None) };
        while (pages[^1].NextCursor is { } cursor)
        {
            pages.Add(await Queries.ListAsync(new(), new(4, cursor), CancellationToken.None));
        }

        var listed = pages.SelectMany(page => page.Items).Select(entry => (entry.Day, entry.Sequence)).ToArray();
        Assert.Equal([4, 4, 4, 3], pages.Select(page => page.Items.Count));
        Assert.Equal(listed.Distinct().OrderDescending(), listed);
    }

    [Fact]
    public async Task Entries_are_found_by_every_filter()
    {
        var noon = new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
        await _database.Get<IAuditTrail>().AppendAsync(
            new()
            {
                Action = "sessions.sign_in", Outcome = AuditOutcome.Refused, Caller = new() { Kind = CallerKind.Anonymous, Name = "eve" },
            },
            CancellationToken.None);

        Assert.Equal(16, await CountAsync(new()));
        Assert.Equal(11, await CountAsync(new(From: noon)));
        Assert.Equal(5, await CountAsync(new(To: noon)));
        Assert.Equal(2, await CountAsync(new(From: noon.AddMinutes(2), To: noon.AddMinutes(4))));
        Assert.Equal(15, await CountAsync(new(Caller: "ada")));
        Assert.Equal(15, await CountAsync(new(Caller: "11111111-2222-3333-4444-555555555555")));
        Assert.Equal(1, await CountAsync(new(Caller: "eve")));
        Assert.Equal(6, await CountAsync(new(Action: "cameras.")));
        Assert.Equal(1, await CountAsync(new(Action: "sessions.sign_")));
        Assert.Equal(0, await CountAsync(new(Action: "%")));
        Assert.Equal(0, await CountAsync(new(Action: "sessions_")));
        Assert.Equal(1, await CountAsync(new(Outcome: AuditOutcome.Refused)));
        Assert.Equal(9, await CountAsync(new(TargetType: "sites")));
        Assert.Equal(3, await CountAsync(new(TargetType: "sites", TargetId: "3")));
        Assert.Equal(15, await CountAsync(new(SiteId: new Guid("99999999-2222-3333-4444-555555555555"))));
        Assert.Equal(0, await CountAsync(new(SiteId: Guid.NewGuid())));
    }

    [Fact]
    public async Task All_entries_are_read_over_many_pages()
    {
        await _database.TamperAsync("""
            INSERT INTO audit_entries
            SELECT day - 1000, number, occurred_at, caller_kind, caller_id, caller_name, address, request_id, action, outcome, target_type,
                target_id, site_id, reason, before, after, previous_hash, hash
            FROM audit_entries, generate_series(1, 1500) AS number
            WHERE day = '2026-03-01' AND sequence = 1
            """);

        Assert.Equal(1515, (await _database.EntriesAsync()).Distinct().Count());
    }

    [Fact]
    public async Task Cursor_that_no_list_gave_is_refused()
    {
        var error = await Assert.ThrowsAsync<FleetRefusedException>(
            () => Queries.ListAsync(new(), new(Cursor: "nonsense"), CancellationToken.None));

        Assert.Equal((RefusalKind.Invalid, "cursor"), (error.Kind, error.Field));
    }

    private async Task<int> CountAsync(AuditFilter filter) =>
        (await Queries.ListAsync(filter, new(PageRequest.MaximumLimit), CancellationToken.None)).Items.Count;
}
