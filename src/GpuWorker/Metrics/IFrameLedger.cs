using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>
/// Books every frame of this worker once per deployment: first as decoded, later as inferred or as skipped with its
/// reason. Detections and the totals that count them leave together, as one batch. For many cameras at a time.
/// </summary>
internal interface IFrameLedger
{
    /// <summary>A frame arrived for this deployment. Booked into the window of its time.</summary>
    void Decoded(Guid deploymentId, DateTimeOffset frameTime);

    /// <summary>That frame will not be inferred.</summary>
    void Skipped(Guid deploymentId, DateTimeOffset frameTime, SkipReason reason, FrameError error = FrameError.None);

    /// <summary>
    /// That frame was inferred. Books its detections and takes them over for the store; waits only while the store is so
    /// far behind that queue and journal are full.
    /// </summary>
    /// <param name="deploymentId">The deployment it was inferred for.</param>
    /// <param name="frameTime">When the frame was taken.</param>
    /// <param name="outcome">Its times.</param>
    /// <param name="latencyMilliseconds">From the frame's arrival until now.</param>
    /// <param name="found">What is to be stored of it, and sent.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask InferredAsync(
        Guid deploymentId,
        DateTimeOffset frameTime,
        FrameOutcome outcome,
        double latencyMilliseconds,
        FoundObjects found,
        CancellationToken cancellationToken);

    /// <summary>Sends what is booked to the store now (a stream that stops, a worker that shuts down).</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}
