using Npgsql;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>Applies the numbered migrations, forward only, under an advisory lock.</summary>
public sealed class DatabaseMigrator
{
    // Any number, as long as nobody else's: it keeps two migrators of one database apart.
    private const long LockKey = 0x464C_4545_5431;

    // What was applied. Written by the migrator alone. Rows: one per migration. Kept for good.
    private const string CreateTable = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            name       VARCHAR(200) PRIMARY KEY,
            checksum   CHAR(64) NOT NULL,
            applied_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
        )
        """;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<Migration> _migrations;

    public DatabaseMigrator(NpgsqlDataSource database, TimeProvider? time = null)
        : this(database, time, Migration.All)
    {
    }

    internal DatabaseMigrator(NpgsqlDataSource database, TimeProvider? time, IReadOnlyList<Migration> migrations)
    {
        _database = database;
        _time = time ?? TimeProvider.System;
        _migrations = migrations;
    }

    /// <summary>
    /// Brings the schema up to date; returns the names of the migrations applied. Creates the database where it is
    /// missing. Several at once are fine: one applies, the others wait and find it done.
    /// </summary>
    /// <exception cref="InvalidOperationException">An applied migration's file was changed since.</exception>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var applied = new List<string>();
        foreach (var migration in _migrations)
        {
            if (await ApplyAsync(connection, migration, cancellationToken))
            {
                applied.Add(migration.Name);
            }
        }

        await ReloadTypesAsync(connection, cancellationToken);
        return applied;
    }

    /// <summary>Waits until the schema is up to date (hosts that do not migrate themselves).</summary>
    /// <exception cref="TimeoutException">It is not, after <paramref name="limit"/>; the message says what is missing.</exception>
    /// <exception cref="InvalidOperationException">An applied migration's file was changed since.</exception>
    public async Task WaitUntilMigratedAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            var missing = await DescribeMissingAsync(cancellationToken);
            if (missing is null)
            {
                return;
            }

            if (_time.GetElapsedTime(started) >= limit)
            {
                throw new TimeoutException(
                    $"The database is not ready after {limit.TotalSeconds:0} s: {missing}. A control silo migrates it.");
            }

            await Task.Delay(PollInterval, _time, cancellationToken);
        }
    }

    private static async Task<string?> FindChecksumAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string name, CancellationToken cancellationToken)
    {
        const string Sql = "SELECT checksum FROM schema_migrations WHERE name = $1";
        await using var command = new NpgsqlCommand(Sql, connection, transaction) { Parameters = { new() { Value = name } } };
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static void ThrowIfChanged(Migration migration, string checksum)
    {
        if (checksum != migration.Checksum)
        {
            throw new InvalidOperationException(
                $"Migration {migration.Name} was changed after it was applied: the database has checksum {checksum}, the "
                + $"file {migration.Checksum}. Restore the file and put the change into a new migration.");
        }
    }

    private static async Task RunAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string sql, object[] values, CancellationToken cancellationToken)
    {
        // No limit of its own: another migrator may take its time, and so may an index; the caller can cancel.
        await using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = 0 };
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Connections opened before the enum types existed do not know them.
    private static Task ReloadTypesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ReloadTypesAsync(cancellationToken);

    private static async Task<bool> ApplyAsync(
        NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, transaction, "SELECT pg_advisory_xact_lock($1)", [LockKey], cancellationToken);
        await RunAsync(connection, transaction, CreateTable, [], cancellationToken);
        var checksum = await FindChecksumAsync(connection, transaction, migration.Name, cancellationToken);
        if (checksum is not null)
        {
            ThrowIfChanged(migration, checksum);
            return false;
        }

        await RunAsync(connection, transaction, migration.Sql, [], cancellationToken);
        await RunAsync(
            connection,
            transaction,
            "INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)",
            [migration.Name, migration.Checksum],
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<string?> DescribeMissingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _database.OpenConnectionAsync(cancellationToken);
            foreach (var migration in _migrations)
            {
                var checksum = await FindChecksumAsync(connection, null, migration.Name, cancellationToken);
                if (checksum is null)
                {
                    return $"migration {migration.Name} is missing";
                }

                ThrowIfChanged(migration, checksum);
            }

            await ReloadTypesAsync(connection, cancellationToken);
            return null;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return "it is empty";
        }
        catch (NpgsqlException exception)
        {
            return exception.Message;
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _database.OpenConnectionAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            await CreateDatabaseAsync(cancellationToken);
            return await _database.OpenConnectionAsync(cancellationToken);
        }
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var wanted = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        var name = wanted.Database ?? wanted.Username ?? "postgres";
        wanted.Database = "postgres";
        wanted.Pooling = false;

        // The clone has the password, which the data source's own text leaves out.
        await using var template = _database.CreateConnection();
        await using var connection = template.CloneWith(wanted.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        try
        {
            var quoted = '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
            await using var command = new NpgsqlCommand($"CREATE DATABASE {quoted}", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState
            is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Somebody else made it in the meantime.
            return;
        }
    }
}
