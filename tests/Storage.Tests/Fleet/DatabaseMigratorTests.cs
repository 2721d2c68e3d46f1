using Npgsql;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Storage.Tests.Fleet;

public sealed class DatabaseMigratorTests : IAsyncLifetime
{
    private PostgresDatabase _postgres = null!;
    private NpgsqlDataSource _database = null!;

    public async Task InitializeAsync()
    {
        _postgres = await PostgresDatabase.CreateAsync(migrated: false);
        _database = NpgsqlDataSource.Create(_postgres.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task First_run_applies_everything_in_order_and_the_second_nothing()
    {
        var migrator = new DatabaseMigrator(_database);

        var first = await migrator.MigrateAsync(CancellationToken.None);
        var second = await migrator.MigrateAsync(CancellationToken.None);

        Assert.Equal(Migration.All.Select(migration => migration.Name), first);
        Assert.StartsWith("0001_", first[0], StringComparison.Ordinal);
        Assert.Empty(second);
    }

    [Fact]
    public async Task Five_at_once_apply_every_migration_once()
    {
        var runs = Enumerable.Range(0, 5).Select(_ => new DatabaseMigrator(_database).MigrateAsync(CancellationToken.None));

        var applied = await Task.WhenAll(runs);

        Assert.Equal(
            Migration.All.Select(migration => migration.Name), applied.SelectMany(names => names).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Changed_file_of_an_applied_migration_is_an_error_that_names_it()
    {
        await Migrator(Migration.Of("0001_one", "CREATE TABLE one (id INTEGER)")).MigrateAsync(CancellationToken.None);
        var changed = Migrator(Migration.Of("0001_one", "CREATE TABLE one (id BIGINT)"));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => changed.MigrateAsync(CancellationToken.None));

        Assert.Contains("0001_one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_migration_leaves_nothing_of_itself_and_can_be_repaired()
    {
        var one = Migration.Of("0001_one", "CREATE TABLE one (id INTEGER)");
        var broken = Migration.Of("0002_two", "CREATE TABLE two (id INTEGER); SELECT 1 / 0");

        await Assert.ThrowsAsync<PostgresException>(() => Migrator(one, broken).MigrateAsync(CancellationToken.None));
        var repaired = Migrator(one, Migration.Of("0002_two", "CREATE TABLE two (id INTEGER)"));

        Assert.Equal(["0002_two"], await repaired.MigrateAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Missing_database_is_created()
    {
        var name = $"fleet_made_{Guid.NewGuid():N}";
        var connectionString = new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Database = name, Pooling = false };
        await using var missing = NpgsqlDataSource.Create(connectionString.ConnectionString);

        var applied = await new DatabaseMigrator(missing).MigrateAsync(CancellationToken.None);

        Assert.NotEmpty(applied);
        await using var drop = _database.CreateCommand($"DROP DATABASE {name} WITH (FORCE)");
        await drop.ExecuteNonQueryAsync();
    }

    [Fact]
    public async Task Waiting_ends_when_somebody_else_has_migrated()
    {
        var waiting = new DatabaseMigrator(_database).WaitUntilMigratedAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        await new DatabaseMigrator(_database).MigrateAsync(CancellationToken.None);

        await waiting;
    }

    [Fact]
    public async Task Waiting_too_long_says_what_is_missing()
    {
        var migrator = new DatabaseMigrator(_database);

        var error = await Assert.ThrowsAsync<TimeoutException>(
            () => migrator.WaitUntilMigratedAsync(TimeSpan.Zero, CancellationToken.None));

        Assert.Contains("it is empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_ends_do_not_change_a_checksum() =>
        Assert.Equal(Migration.Of("0001_one", "SELECT 1\nSELECT 2").Checksum, Migration.Of("0001_one", "SELECT 1\r\nSELECT 2").Checksum);

    private DatabaseMigrator Migrator(params Migration[] migrations) => new(_database, null, migrations);
}
