using Microsoft.Extensions.DependencyInjection;
using OrleansAiFleet.Benchmarks.Detections;
using OrleansAiFleet.Storage.Access;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Benchmarks.Models;

/// <summary>The store of model files as hosts have it, over a server that syncs every commit.</summary>
internal sealed class FileStoreUnderTest : IAsyncDisposable
{
    private readonly DurableDatabase _database;
    private readonly ServiceProvider _services;

    private FileStoreUnderTest(DurableDatabase database)
    {
        _database = database;
        Keys = new MasterKeyWrapper([new MasterKey(new byte[KeyFile.KeyBytes])]);
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(Keys)
            .AddFleetStorage(database.Source.ConnectionString)
            .AddSingleton(database.Source)
            .BuildServiceProvider();
    }

    public IDataKeyWrapper Keys { get; }

    public ModelFileStore Store => _services.GetRequiredService<ModelFileStore>();

    public static async Task<FileStoreUnderTest> StartAsync(CancellationToken cancellationToken) =>
        new(await DurableDatabase.StartAsync(cancellationToken));

    /// <summary>Takes every file away, pages and all, and lets the server write what it has still to write.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await using (var clear = _database.Source.CreateCommand("TRUNCATE model_files, model_file_chunks"))
        {
            await clear.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var settle = _database.Source.CreateCommand("CHECKPOINT");
        await settle.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }
}
