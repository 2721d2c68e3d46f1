using System.Collections.Concurrent;
using Npgsql;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.Storage.Tests.Detections;

/// <summary>A writer at work, as in a worker process.</summary>
internal sealed class RunningWriter : IAsyncDisposable
{
    private readonly JournalFolder _folder;

    private RunningWriter(JournalParent parent, NpgsqlDataSource database, TimeProvider? time)
    {
        _folder = parent.CreateFolder();
        Writer = parent.CreateWriter(database, _folder, time);
        Writer.Stored += Stored.Enqueue;
    }

    public FrameBatchWriter Writer { get; }

    public ConcurrentQueue<FrameBatch> Stored { get; } = new();

    public static async Task<RunningWriter> StartAsync(
        JournalParent parent, NpgsqlDataSource database, TimeProvider? time = null)
    {
        var running = new RunningWriter(parent, database, time);
        await running.Writer.StartAsync(CancellationToken.None);
        return running;
    }

    public Task StoredAsync(int batches) =>
        Poll.UntilAsync(() => Stored.Count >= batches, () => $"{Stored.Count} of {batches} batches stored");

    public async ValueTask DisposeAsync()
    {
        await Writer.StopAsync(CancellationToken.None);
        Writer.Dispose();
        _folder.Dispose();
    }
}
