using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>One runtime that serves whoever asks; it belongs to the caller.</summary>
internal sealed class ServedModel(ModelRuntime runtime) : IModelRepository
{
    public ValueTask<IModelLease> AcquireAsync(ModelReference model, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IModelLease>(new Lease(runtime));

    private sealed class Lease(ModelRuntime runtime) : IModelLease
    {
        public ValueTask<FrameOutcome> InferAsync(VideoFrame frame, FrameRequest request, CancellationToken cancellationToken) =>
            runtime.InferAsync(frame, request, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
