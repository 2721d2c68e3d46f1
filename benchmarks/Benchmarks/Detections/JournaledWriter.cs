using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.Benchmarks.Detections;

/// <summary>
/// The writer of a worker with its journal on disk, the options those of a worker, except that it does not wait for a
/// fuller transaction: a burst's last rows would wait out the interval, which says nothing about the writer's speed.
/// </summary>
internal sealed class JournaledWriter : IAsyncDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("fleet-benchmark-journal-").FullName;
    private readonly JournalFolder _folder;
    private readonly FrameBatchWriter _writer;
    private TaskCompletionSource _allStored = new();
    private int _left;

    private JournaledWriter(NpgsqlDataSource database)
    {
        _folder = JournalFolder.Create(_parent);
        var options = new FrameBatchOptions { JournalFolder = _parent, CommitInterval = TimeSpan.Zero };
        _writer = new(database, _folder, Options.Create(options), TimeProvider.System, NullLogger<FrameBatchWriter>.Instance);
        _writer.Stored += _ =>
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _allStored.SetResult();
            }
        };
    }

    public static async Task<JournaledWriter> StartAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var writer = new JournaledWriter(database);
        await writer._writer.StartAsync(cancellationToken);
        return writer;
    }

    /// <summary>Hands the batches over one after the other and waits until the last is committed.</summary>
    public async Task StoreAsync(IReadOnlyCollection<FrameBatch> batches, CancellationToken cancellationToken)
    {
        _allStored = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _left, batches.Count);
        foreach (var batch in batches)
        {
            await _writer.WriteAsync(batch, cancellationToken);
        }

        await _allStored.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.StopAsync(CancellationToken.None);
        _writer.Dispose();
        _folder.Dispose();
        Directory.Delete(_parent, recursive: true);
    }
}
