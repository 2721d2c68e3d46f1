using OrleansAiFleet.Inference;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>See <see cref="IModelLease"/>. After its end frames complete as stopped.</summary>
internal sealed class ModelLease(ModelRuntime runtime, SpillRouter spill, Action leave) : IModelLease
{
    private Action? _leave = leave;

    public ValueTask<FrameOutcome> InferAsync(
        VideoFrame frame, FrameRequest request, CancellationToken cancellationToken) => Volatile.Read(ref _leave) is null
        ? ValueTask.FromResult(new FrameOutcome { Skipped = SkipReason.Stopped })
        : spill.InferAsync(runtime, frame, request, cancellationToken);

    public ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _leave, null)?.Invoke();
        return ValueTask.CompletedTask;
    }
}
