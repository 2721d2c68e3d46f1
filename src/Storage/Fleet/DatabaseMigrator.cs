using Npgsql;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>Applies the numbered migrations, forward only, under an advisory lock.</summary>
public sealed class DatabaseMigrator(NpgsqlDataSource database)
{
    /// <summary>Brings the schema up to date; returns the names of the migrations applied. Creates the database where it is missing.</summary>
    public Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken) => throw new NotImplementedException($"{database}");

    /// <summary>Waits until the schema is up to date (hosts that do not migrate themselves).</summary>
    public Task WaitUntilMigratedAsync(TimeSpan limit, CancellationToken cancellationToken) => throw new NotImplementedException();
}
