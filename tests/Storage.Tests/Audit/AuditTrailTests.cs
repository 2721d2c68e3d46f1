using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Storage.Tests.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Storage.Tests.Audit;

public sealed class AuditTrailTests : IAsyncLifetime
{
    private readonly FleetDatabase _database = new();

    private IAuditTrail Trail => _database.Get<IAuditTrail>();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Record_has_its_caller_its_place_and_the_hash_of_the_one_before()
    {
        var caller = new Caller
        {
            Kind = CallerKind.Person, UserId = Guid.NewGuid(), Name = "ada", Address = "192.0.2.7", RequestId = "req-1",
        };
        var site = Guid.NewGuid();
        await Trail.AppendAsync(new() { Action = "sessions.sign_in", Caller = caller }, CancellationToken.None);
        await Trail.AppendAsync(
            new()
            {
                Action = "cameras.update",
                Caller = caller,
                Outcome = AuditOutcome.Refused,
                TargetType = "cameras",
                TargetId = "7",
                SiteId = site,
                Reason = "not on this site",
                Before = """{"name":  "old"}""",
            },
            CancellationToken.None);

        var entries = await _database.EntriesAsync();

        Assert.Equal([(1L, AuditEntry.NoHash), (2L, entries[0].Hash)], entries.Select(entry => (entry.Sequence, entry.PreviousHash)));
        var last = entries[1];
        Assert.Equal(("person", caller.UserId, "ada", "192.0.2.7", "req-1"),
            (last.CallerKind, last.CallerId, last.CallerName, last.Address, last.RequestId));
        Assert.Equal(("cameras.update", "refused", "cameras", "7", site, "not on this site"),
            (last.Action, last.Outcome, last.TargetType, last.TargetId, last.SiteId, last.Reason));
        Assert.Equal(("""{"name":  "old"}""", null), (last.Before?.Value, last.After?.Value));
    }

    [Fact]
    public async Task Caller_who_is_not_named_is_the_one_that_travels_with_the_call_or_the_fleet()
    {
        await Trail.AppendAsync(new() { Action = "fleet.start" }, CancellationToken.None);
        CallerContext.Current = new() { Kind = CallerKind.Key, Name = "fk_abc" };
        await Trail.AppendAsync(new() { Action = "models.download" }, CancellationToken.None);

        var entries = await _database.EntriesAsync();

        Assert.Equal(
            [("fleet", Environment.MachineName), ("key", "fk_abc")], entries.Select(entry => (entry.CallerKind, entry.CallerName)));
    }

    [Fact]
    public async Task Hostile_text_does_not_keep_its_own_record_out()
    {
        var hostile = "x\0y\ud800z" + new string('a', 5_000);
        await Trail.AppendAsync(
            new() { Action = "sessions.sign_in", Caller = new() { Name = hostile, Address = hostile, RequestId = hostile }, Reason = hostile },
            CancellationToken.None);

        var entry = Assert.Single(await _database.EntriesAsync());

        Assert.StartsWith("x\ufffdy\ufffdza", entry.CallerName, StringComparison.Ordinal);
        Assert.Equal(2_000, entry.Reason!.Length);
        Assert.True((await _database.VerifyAsync()).Summary.IsClean);
    }

    [Fact]
    public async Task Text_too_long_for_an_index_does_not_keep_its_own_record_out()
    {
        // Without repetition: what is compressed is short enough.
        var random = new Random(20260302);
        var hostile = new string([.. Enumerable.Range(0, 5_000).Select(_ => (char)random.Next(0x4E00, 0x9FFF))]);

        await Trail.AppendAsync(
            new()
            {
                Action = hostile,
                Outcome = AuditOutcome.Refused,
                Caller = new() { Name = hostile, Address = hostile, RequestId = hostile },
                TargetType = hostile,
                TargetId = hostile,
                Reason = hostile,
            },
            CancellationToken.None);

        var entry = Assert.Single(await _database.EntriesAsync());
        Assert.Equal((300, 100, 100, 500), (entry.CallerName.Length, entry.Action.Length, entry.TargetType!.Length, entry.TargetId!.Length));
        Assert.Equal(entry, Assert.Single((await _database.Get<AuditQueries>().ListAsync(
            new(Caller: hostile[..300], Action: hostile[..100], TargetType: hostile[..100], TargetId: hostile[..500]), new(), CancellationToken.None)).Items));
        Assert.True((await _database.VerifyAsync()).Summary.IsClean);
    }

    [Fact]
    public async Task Record_within_a_transaction_goes_with_it()
    {
        await using var connection = await _database.Database.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await _database.Get<AuditTrail>().AppendAsync(connection, transaction, [new() { Action = "a.b" }], CancellationToken.None);
        }

        Assert.Empty(await _database.EntriesAsync());
        Assert.Null(await _database.Get<AuditVerifier>().FindNewestHeadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Four_appenders_of_two_silos_leave_no_gap_and_break_no_link()
    {
        const int Appends = 40;
        await using var other = FleetDatabase.Services(_database.ConnectionString);
        IAuditTrail[] trails = [Trail, other.GetRequiredService<IAuditTrail>(), Trail, other.GetRequiredService<IAuditTrail>()];

        await Task.WhenAll(trails.Select(async (trail, appender) =>
        {
            for (var i = 0; i < Appends; i++)
            {
                await trail.AppendAsync(new() { Action = "tests.append", TargetId = $"{appender}/{i}" }, CancellationToken.None);
            }
        }));

        var (summary, faults) = await _database.VerifyAsync();
        Assert.Empty(faults);
        Assert.Equal(trails.Length * Appends, summary.Entries);
        Assert.Equal(trails.Length * Appends, (await _database.EntriesAsync()).Select(entry => entry.TargetId).Distinct().Count());
    }

    [Theory]
    [InlineData("UPDATE audit_entries SET reason = 'other'")]
    [InlineData("DELETE FROM audit_entries")]
    [InlineData("TRUNCATE audit_entries")]
    [InlineData("DELETE FROM audit_heads")]
    [InlineData("TRUNCATE audit_heads")]
    [InlineData("UPDATE audit_heads SET hash = sha256('x')")]
    [InlineData("UPDATE audit_heads SET day = day - 1, sequence = sequence + 1")]
    [InlineData("SET session_replication_role = replica; DELETE FROM audit_entries")]
    public async Task Statement_that_would_rewrite_the_trail_is_refused(string sql)
    {
        await Trail.AppendAsync(new() { Action = "a.b" }, CancellationToken.None);

        var error = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync(sql));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
        Assert.StartsWith("audit_", error.MessageText, StringComparison.Ordinal);
        Assert.Single(await _database.EntriesAsync());
    }

    [Fact]
    public async Task Database_that_is_away_is_a_refusal_and_nothing_is_recorded_later()
    {
        await using var postgres = await PrivatePostgres.CreateAsync();
        await using var services = FleetDatabase.Services(postgres.ConnectionStringOf("fleet"));
        await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
        var trail = services.GetRequiredService<IAuditTrail>();
        await postgres.StopAsync();

        var refusal = await Assert.ThrowsAsync<FleetRefusedException>(
            () => trail.AppendAsync(new() { Action = "models.download" }, CancellationToken.None));
        await postgres.StartAsync();
        await trail.AppendAsync(new() { Action = "models.download" }, CancellationToken.None);

        Assert.Equal(RefusalKind.Unavailable, refusal.Kind);
        Assert.Equal(1, (await services.GetRequiredService<AuditVerifier>().VerifyAsync(new(), _ => { }, CancellationToken.None)).Entries);
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(0, 5)]
    public void Clock_that_was_set_back_begins_no_earlier_day(int daysBack, long sequence)
    {
        var time = new DateTimeOffset(2026, 3, 2, 0, 0, 1, TimeSpan.Zero).AddDays(daysBack);

        var place = AuditPlace.Behind((new(2026, 3, 2), sequence, "hash"), time);

        Assert.Equal((new DateOnly(2026, 3, 2), sequence + 1, "hash"), (place.Day, place.Sequence, place.PreviousHash));
    }

    [Fact]
    public void First_entry_of_a_day_counts_from_one_and_hangs_on_the_day_before()
    {
        var place = AuditPlace.Behind((new(2026, 3, 1), 9, "hash"), new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal((new DateOnly(2026, 3, 2), 1L, "hash"), (place.Day, place.Sequence, place.PreviousHash));
    }
}
