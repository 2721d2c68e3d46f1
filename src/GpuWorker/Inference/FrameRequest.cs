using OrleansAiFleet.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>How one frame is to be treated in the queue.</summary>
/// <param name="CameraId">Fairness is between cameras.</param>
/// <param name="Priority">Alarm before live before recording before evaluation.</param>
/// <param name="ConfidenceThreshold">Lowest confidence wanted, 0 to 1.</param>
/// <param name="Timeout">Longest it may wait in the queue.</param>
/// <param name="MaySupersede">A newer frame of the camera takes its place while it waits.</param>
/// <param name="MaySpill">Another worker may infer it.</param>
/// <param name="MaximumBatch">Most frames of the run that it is part of, itself among them.</param>
internal readonly record struct FrameRequest(
    Guid CameraId,
    InferencePriority Priority,
    float ConfidenceThreshold,
    TimeSpan Timeout,
    bool MaySupersede,
    bool MaySpill,
    int MaximumBatch = int.MaxValue);
