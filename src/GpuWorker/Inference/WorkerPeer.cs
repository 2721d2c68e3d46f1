using System.Collections.Concurrent;

using OrleansAiFleet.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>Another worker, as this one sees it: how busy it lately was and how many bytes are on their way to it.</summary>
internal sealed class WorkerPeer(SiloAddress silo, IInferenceService service, TimeProvider time)
{
    // Queues turn over within a few of these; every frame asking anew would cost more than it gains.
    private static readonly TimeSpan PendingFreshness = TimeSpan.FromMilliseconds(250);

    // A load takes seconds and so does a worker that restarts.
    private static readonly TimeSpan Avoidance = TimeSpan.FromSeconds(5);

    // A silo without the service says so at once; it may still be starting.
    private static readonly TimeSpan NoWorkerFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, PendingReading> _pending = new();
    private readonly ConcurrentDictionary<Guid, long> _avoided = new();
    private long _bytesInFlight;
    private long? _noWorkerSince;

    public SiloAddress Silo { get; } = silo;

    public long BytesInFlight => Interlocked.Read(ref _bytesInFlight);

    /// <summary>False while it is known to have no inference service.</summary>
    public bool MayBeWorker => _noWorkerSince is not { } since || time.GetElapsedTime(since) > NoWorkerFor;

    /// <summary>Frames waiting there (0 where the model is not loaded yet: asking loads it), or null where it is of no use now.</summary>
    public async Task<int?> GetPendingAsync(Guid modelId)
    {
        if (_avoided.TryGetValue(modelId, out var since) && time.GetElapsedTime(since) < Avoidance)
        {
            return null;
        }

        var reading = _pending.GetValueOrDefault(modelId);
        if (reading is null || time.GetElapsedTime(reading.At) > PendingFreshness)
        {
            reading = new PendingReading(time.GetTimestamp(), AskAsync(modelId));
            _pending[modelId] = reading;
        }

        return await reading.Pending;
    }

    /// <summary>Leaves it out for this model for a while.</summary>
    public void Avoid(Guid modelId) => _avoided[modelId] = time.GetTimestamp();

    /// <summary>Counts a frame against what may be on its way; false where that is spent.</summary>
    public bool TryReserve(int bytes, long limit)
    {
        if (Interlocked.Add(ref _bytesInFlight, bytes) <= limit)
        {
            return true;
        }

        Interlocked.Add(ref _bytesInFlight, -bytes);
        return false;
    }

    /// <summary>Sends a frame whose bytes are reserved; they count until the call is over, not until its caller gives up.</summary>
    public async Task<SpilledFrameResult> InferAsync(
        Func<SpilledFrame> createFrame, int reservedBytes, CancellationToken cancellationToken)
    {
        try
        {
            return await service.Infer(createFrame(), cancellationToken);
        }
        finally
        {
            Interlocked.Add(ref _bytesInFlight, -reservedBytes);
        }
    }

    private async Task<int?> AskAsync(Guid modelId)
    {
        try
        {
            return Math.Max(0, await service.GetPending(modelId));
        }
        catch (OrleansMessageRejectionException)
        {
            _noWorkerSince = time.GetTimestamp();
            return null;
        }
        catch (Exception)
        {
            // It is slow or going: the next reading will say.
            return null;
        }
    }

    private sealed record PendingReading(long At, Task<int?> Pending);
}
