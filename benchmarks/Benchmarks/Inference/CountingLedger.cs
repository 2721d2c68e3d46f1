using OrleansAiFleet.Detections;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>Counts inferred frames and stores nothing: what storing costs has a benchmark of its own.</summary>
internal sealed class CountingLedger : IFrameLedger
{
    private long _inferred;

    public long Inferred => Interlocked.Read(ref _inferred);

    public void Decoded(Guid deploymentId, DateTimeOffset frameTime)
    {
        // The streams count what they decode themselves.
    }

    public void Skipped(Guid deploymentId, DateTimeOffset frameTime, SkipReason reason, FrameError error = FrameError.None)
    {
        // Sampling leaves most frames out; what is missing besides shows in the rate of inferred ones.
    }

    public ValueTask InferredAsync(
        Guid deploymentId,
        DateTimeOffset frameTime,
        FrameOutcome outcome,
        double latencyMilliseconds,
        IReadOnlyList<Detection> detections,
        CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _inferred);
        return ValueTask.CompletedTask;
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
