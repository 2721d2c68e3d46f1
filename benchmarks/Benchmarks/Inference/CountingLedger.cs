using System.Collections.Concurrent;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>Counts what becomes of every frame, and stores nothing: what storing costs has a benchmark of its own.</summary>
internal sealed class CountingLedger : IFrameLedger
{
    private readonly ConcurrentDictionary<SkipReason, long> _skipped = [];
    private long _decoded;
    private long _inferred;

    public long FramesDecoded => Interlocked.Read(ref _decoded);

    public long FramesInferred => Interlocked.Read(ref _inferred);

    public long FramesSkipped => _skipped.Values.Sum();

    public long Skipped(SkipReason reason) => _skipped.GetValueOrDefault(reason);

    public void Decoded(Guid deploymentId, DateTimeOffset frameTime) => Interlocked.Increment(ref _decoded);

    public void Skipped(Guid deploymentId, DateTimeOffset frameTime, SkipReason reason, FrameError error = FrameError.None) =>
        _skipped.AddOrUpdate(reason, 1, static (_, frames) => frames + 1);

    public ValueTask InferredAsync(
        Guid deploymentId,
        DateTimeOffset frameTime,
        FrameOutcome outcome,
        double latencyMilliseconds,
        FoundObjects found,
        CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _inferred);
        return ValueTask.CompletedTask;
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
