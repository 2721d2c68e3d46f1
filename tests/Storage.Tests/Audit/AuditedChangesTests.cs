using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Audit;

public sealed class AuditedChangesTests : IAsyncLifetime
{
    private readonly FleetDatabase _database = new();

    private RowTable<Site> Sites => new(_database.Contexts);

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Row_is_recorded_whole_when_it_comes_and_goes_and_by_its_changed_columns_between()
    {
        CallerContext.Current = new() { Kind = CallerKind.Person, Name = "ada" };
        var site = Rows.Site("North");
        var created = await Sites.WriteAsync(site.Id, site, null);
        var updated = await Sites.WriteAsync(site.Id, created.Row with { TimeZone = "Europe/Oslo" }, created.Version);
        await Sites.DeleteAsync(site.Id, updated.Version);

        var entries = await _database.EntriesOfAsync(site.Id);

        Assert.Equal(["sites.create", "sites.update", "sites.delete"], entries.Select(entry => entry.Action));
        Assert.All(entries, entry => Assert.Equal(("ada", "sites", site.Id, "done"), (entry.CallerName, entry.TargetType, entry.SiteId, entry.Outcome)));
        Assert.Null(entries[0].Before);
        Assert.Equal(("North", "UTC"), (entries[0].Column("name"), entries[0].Column("time_zone")));
        Assert.Equal("""{"time_zone":"UTC"}""", entries[1].Before?.Value);
        Assert.Equal("""{"time_zone":"Europe/Oslo"}""", entries[1].After?.Value);
        Assert.Contains("\"Europe/Oslo\"", entries[2].Before?.Value, StringComparison.Ordinal);
        Assert.Null(entries[2].After);
        Assert.Empty((await _database.VerifyAsync()).Faults);
    }

    [Fact]
    public async Task Before_is_what_the_database_had_and_not_what_the_writer_had_read()
    {
        var site = await _database.StoreAsync(Rows.Site());
        await using var db = await _database.Contexts.CreateDbContextAsync();
        var read = await db.Sites.SingleAsync(row => row.Id == site.Id);
        await _database.ExecuteAsync("UPDATE sites SET ai_processing_capacity = 'large' WHERE id = $1", site.Id);
        var entry = db.Entry(read);
        entry.Property(row => row.AiProcessingCapacity).CurrentValue = "small";
        entry.Property<uint>(FleetContext.RowVersion).OriginalValue = await VersionAsync(site.Id);

        await db.SaveChangesAsync();

        Assert.Equal("""{"ai_processing_capacity":"large"}""", (await _database.EntriesOfAsync(site.Id))[^1].Before?.Value);
    }

    [Fact]
    public async Task Changed_secret_is_seen_and_not_shown()
    {
        var site = await _database.StoreAsync(Rows.Site());
        var cameras = new RowTable<OrleansAiFleet.Cameras.Camera>(_database.Contexts);
        var camera = Rows.Camera(site) with { SourceUrl = "rtsp://camera.test/stream?key=planted-1", SourceCredentials = "user:planted-2" };
        var stored = await cameras.WriteAsync(camera.Id, camera, null);
        await cameras.WriteAsync(
            camera.Id,
            stored.Row with { SourceUrl = "rtsp://camera.test/stream?key=planted-3", SourceCredentials = "user:planted-4" },
            stored.Version);

        var entries = await _database.EntriesOfAsync(camera.Id);

        const string Masked = """{"source_url":"rtsp://camera.test/stream?***","source_credentials":"***"}""";
        Assert.Equal((Masked, Masked), (entries[1].Before?.Value, entries[1].After?.Value));
        Assert.DoesNotContain("planted", JsonSerializer.Serialize(entries), StringComparison.Ordinal);
        Assert.All(entries, entry => Assert.Equal(site.Id, entry.SiteId));
    }

    [Fact]
    public async Task Measurements_and_a_save_that_changes_nothing_leave_no_record()
    {
        var site = Rows.Site();
        var stored = await Sites.WriteAsync(site.Id, site, null);
        var model = await _database.StoreAsync(Rows.Model());
        var deployment = await _database.StoreAsync(Rows.Deployment(model, stored.Row));
        var recorded = (await _database.EntriesAsync()).Count;

        await Sites.WriteAsync(site.Id, stored.Row with { UpdatedAt = stored.Row.UpdatedAt.AddMinutes(1) }, stored.Version);
        await _database.StoreAsync(new PerformanceMetrics
        {
            Id = Guid.NewGuid(), DeploymentId = deployment.Id, MetricTimestamp = stored.Row.CreatedAt,
        });

        Assert.Equal(3, recorded);
        Assert.Equal(recorded, (await _database.EntriesAsync()).Count);
    }

    [Fact]
    public async Task Whoever_makes_a_change_can_name_it()
    {
        var site = Rows.Site();
        using (AuditAction.Named("sites.open"))
        {
            await Sites.WriteAsync(site.Id, site, null);
        }

        var other = await _database.StoreAsync(Rows.Site());

        Assert.Equal("sites.open", Assert.Single(await _database.EntriesOfAsync(site.Id)).Action);
        Assert.Equal("sites.create", Assert.Single(await _database.EntriesOfAsync(other.Id)).Action);
    }

    [Fact]
    public async Task Refused_row_leaves_neither_row_nor_record_of_the_whole_save()
    {
        var taken = await _database.StoreAsync(Rows.Site());
        var good = Rows.Site();
        await using var db = await _database.Contexts.CreateDbContextAsync();
        db.AddRange(good, Rows.Site(taken.Name));

        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());

        Assert.Null(await Sites.FindAsync(good.Id));
        Assert.Single(await _database.EntriesAsync());
        Assert.Null(db.Database.CurrentTransaction);
    }

    [Fact]
    public async Task Change_whose_record_cannot_be_stored_does_not_happen()
    {
        var site = Rows.Site();
        var stored = await Sites.WriteAsync(site.Id, site, null);
        await _database.ExecuteAsync("ALTER TABLE audit_entries ADD CHECK (action NOT IN ('sites.update', 'sites.delete')) NOT VALID");

        await Assert.ThrowsAsync<PostgresException>(
            () => Sites.WriteAsync(site.Id, stored.Row with { TimeZone = "Europe/Oslo" }, stored.Version));
        await Assert.ThrowsAsync<PostgresException>(() => Sites.DeleteAsync(site.Id, stored.Version));

        Assert.Equal(stored.Version, (await Sites.FindAsync(site.Id))?.Version);
        Assert.Single(await _database.EntriesAsync());
    }

    [Fact]
    public async Task Connection_that_dies_between_change_and_record_takes_both_with_it()
    {
        var site = Rows.Site();
        await using var blocker = await _database.Database.OpenConnectionAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await _database.Get<AuditTrail>().AppendAsync(blocker, transaction, [new() { Action = "tests.hold" }], CancellationToken.None);
        var write = Sites.WriteAsync(site.Id, site, null);

        // The row is written and its record waits for the lock: now its server process ends.
        await _database.TerminateAuditWaiterAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => write);
        await transaction.CommitAsync();

        Assert.Null(await Sites.FindAsync(site.Id));
        Assert.Equal("tests.hold", Assert.Single(await _database.EntriesAsync()).Action);
        await Sites.WriteAsync(site.Id, site, null);
        Assert.Empty((await _database.VerifyAsync()).Faults);
    }

    [Fact]
    public async Task Outer_transaction_that_is_rolled_back_takes_change_and_record_with_it()
    {
        await using var db = await _database.Contexts.CreateDbContextAsync();
        await using (var outer = await db.Database.BeginTransactionAsync())
        {
            db.Add(Rows.Site());
            await db.SaveChangesAsync();
            await outer.RollbackAsync();
        }

        Assert.Empty(await _database.EntriesAsync());
        Assert.Equal(0, await db.Sites.CountAsync());
    }

    [Fact]
    public async Task Two_silos_that_write_at_once_record_every_change_once()
    {
        const int Writes = 25;
        await using var services = FleetDatabase.Services(_database.ConnectionString);
        var other = new RowTable<Site>(services.GetRequiredService<IDbContextFactory<FleetContext>>());

        await Task.WhenAll(new[] { Sites, other, Sites, other }.Select(WriteAsync));

        var (summary, faults) = await _database.VerifyAsync();
        Assert.Empty(faults);
        Assert.Equal(4 * Writes * 2, summary.Entries);
        await using var db = await _database.Contexts.CreateDbContextAsync();
        Assert.Equal(
            (await db.Sites.Select(row => row.Id).ToListAsync()).Select(id => id.ToString()).Order(),
            (await _database.EntriesAsync()).Where(entry => entry.Action == "sites.create").Select(entry => entry.TargetId!).Order());

        static async Task WriteAsync(RowTable<Site> table)
        {
            for (var i = 0; i < Writes; i++)
            {
                var site = Rows.Site();
                var stored = await table.WriteAsync(site.Id, site, null);
                await table.WriteAsync(site.Id, stored.Row with { TimeZone = "Europe/Oslo" }, stored.Version);
            }
        }
    }

    [Fact]
    public async Task Save_that_would_go_past_the_trail_is_refused()
    {
        await using var db = await _database.Contexts.CreateDbContextAsync();
        db.Add(Rows.Site());

        Assert.Throws<NotSupportedException>(() => db.SaveChanges());
    }

    [Fact]
    public async Task Cancelled_wait_for_the_trail_leaves_nothing()
    {
        await using var blocker = await _database.Database.OpenConnectionAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await _database.Get<AuditTrail>().AppendAsync(blocker, transaction, [new() { Action = "tests.hold" }], CancellationToken.None);
        using var cancel = new CancellationTokenSource();
        await using var db = await _database.Contexts.CreateDbContextAsync();
        db.Add(Rows.Site());

        var save = db.SaveChangesAsync(cancel.Token);
        await _database.AwaitAuditWaiterAsync();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => save);
        Assert.Null(db.Database.CurrentTransaction);
        Assert.Equal(0, await db.Sites.CountAsync());
    }

    private async Task<uint> VersionAsync(Guid id) =>
        uint.Parse((await Sites.FindAsync(id))!.Version, System.Globalization.CultureInfo.InvariantCulture);
}
