using Npgsql;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Storage.Tests.Fleet;

public sealed class PrivatePostgresTests
{
    [Fact]
    public async Task Rows_survive_a_stop_and_a_crash_and_the_address_stays()
    {
        await using var postgres = await PrivatePostgres.CreateAsync();
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionStringOf("postgres"));
        await RunAsync(database, "CREATE TABLE kept (id INTEGER)");

        await postgres.StopAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => RunAsync(database, "INSERT INTO kept VALUES (0)"));
        await postgres.StartAsync();
        await RunAsync(database, "INSERT INTO kept VALUES (1)");
        await postgres.KillAsync();
        await postgres.StartAsync();
        database.Clear();

        await using var command = database.CreateCommand("SELECT count(*) FROM kept");
        Assert.Equal(1L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Databases_of_two_fixtures_are_apart_and_go_away()
    {
        await using var kept = await PostgresDatabase.CreateAsync();
        var dropped = await PostgresDatabase.CreateAsync();
        Assert.NotEqual(kept.ConnectionString, dropped.ConnectionString);

        await dropped.DisposeAsync();

        await using var connection = new NpgsqlConnection(dropped.ConnectionString);
        var error = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());
        Assert.Equal(PostgresErrorCodes.InvalidCatalogName, error.SqlState);
    }

    private static async Task RunAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
