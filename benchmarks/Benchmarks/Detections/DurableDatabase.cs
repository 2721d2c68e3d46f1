using Npgsql;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Benchmarks.Detections;

/// <summary>A server of the benchmark's own that syncs every commit, with the fleet's schema and today's partition.</summary>
internal sealed class DurableDatabase : IAsyncDisposable
{
    private readonly PrivatePostgres _server;

    private DurableDatabase(PrivatePostgres server, NpgsqlDataSource source) => (_server, Source) = (server, source);

    public NpgsqlDataSource Source { get; }

    /// <exception cref="InvalidOperationException">The server does not start, or does not sync.</exception>
    public static async Task<DurableDatabase> StartAsync(CancellationToken cancellationToken)
    {
        var server = await PrivatePostgres.CreateDurableAsync(cancellationToken);
        var database = new DurableDatabase(server, FleetDataSource.Create(server.ConnectionStringOf("fleet")));
        try
        {
            await new DatabaseMigrator(database.Source).MigrateAsync(cancellationToken);
            await database.PrepareAsync(cancellationToken);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async Task<long> CountAsync(CancellationToken cancellationToken) =>
        (long)(await ScalarAsync("SELECT count(*) FROM detections", cancellationToken))!;

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var setting in new[] { "fsync", "synchronous_commit", "full_page_writes" })
        {
            if (await ScalarAsync($"SHOW {setting}", cancellationToken) is not "on")
            {
                throw new InvalidOperationException($"The server runs without {setting}.");
            }
        }

        await new DetectionPartitions(Source).MaintainAsync(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), new(), cancellationToken);
    }

    private async Task<object?> ScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
