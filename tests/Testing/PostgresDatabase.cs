using Npgsql;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Testing;

/// <summary>
/// A database of a fixture's own on a real PostgreSQL: the server that <c>ConnectionStrings__FleetTests</c> names, or a
/// private one that is started once per test process.
/// </summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<Func<string, string>>> Server = new(StartServerAsync);
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);

    private readonly string _name;

    private PostgresDatabase(string name, string connectionString)
    {
        _name = name;
        ConnectionString = connectionString;
    }

    /// <summary>Connects to the database as somebody who may do everything in it.</summary>
    public string ConnectionString { get; }

    /// <summary>Makes a database.</summary>
    /// <param name="migrated">With the fleet's schema (a copy of a template, some 50 ms), or empty.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<PostgresDatabase> CreateAsync(
        bool migrated = true, CancellationToken cancellationToken = default)
    {
        var template = migrated ? await Template.Value : "template1";
        var name = NewName();
        await RunAsync($"CREATE DATABASE {name} TEMPLATE {template}", cancellationToken);
        return new(name, (await Server.Value)(name));
    }

    /// <summary>Drops the database; connections still open to it end.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (var connection = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        await RunAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)", CancellationToken.None);
    }

    private static async Task<Func<string, string>> StartServerAsync()
    {
        if (Environment.GetEnvironmentVariable("ConnectionStrings__FleetTests") is { Length: > 0 } given)
        {
            return database => new NpgsqlConnectionStringBuilder(given) { Database = database }.ConnectionString;
        }

        // Never disposed: it goes away with this process.
        return (await PrivatePostgres.CreateAsync()).ConnectionStringOf;
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var name = NewName();
        await using (var database = NpgsqlDataSource.Create((await Server.Value)(name) + ";Pooling=false"))
        {
            await new DatabaseMigrator(database).MigrateAsync(CancellationToken.None);
        }

        return name;
    }

    private static async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        // The names in the text are made here, never given.
        await using var connection = new NpgsqlConnection((await Server.Value)("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string NewName() => $"fleet_{Guid.NewGuid():N}";
}
