using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>Holds a model version loaded. Disposing gives it up.</summary>
internal interface IModelLease : IAsyncDisposable
{
    /// <summary>
    /// Queues a frame for its turn and completes with what was found or why nobody looked; never faults for a frame's
    /// sake. Holds the frame (a reference of its own) until then. The continuation never runs on an instance's thread.
    /// </summary>
    ValueTask<FrameOutcome> InferAsync(VideoFrame frame, FrameRequest request, CancellationToken cancellationToken);
}
