using Microsoft.Extensions.Hosting;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>
/// Brings frame batches to PostgreSQL, in order, exactly once. While the database is away they wait in a local journal
/// and are replayed when it is back; a journal left by a dead process of this machine is taken over at start.
/// </summary>
public sealed class FrameBatchWriter : BackgroundService
{
    /// <summary>Batches that wait in the journal.</summary>
    public long JournaledBatches { get; private set; }

    /// <summary>Raised after a batch is in the database (from the writer's own loop; handlers must not block).</summary>
    public event Action<FrameBatch>? Stored;

    /// <summary>Hands a batch over. Waits only while both queue and journal are full.</summary>
    public ValueTask WriteAsync(FrameBatch batch, CancellationToken cancellationToken) => throw new NotImplementedException();

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Stored?.Invoke(null!);
        throw new NotImplementedException();
    }
}
