using OrleansAiFleet.Inference;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>What became of one frame. Times in milliseconds, in Triton's cut: queue, input, infer, output.</summary>
internal sealed record FrameOutcome
{
    /// <summary>Null where the frame was inferred.</summary>
    public SkipReason? Skipped { get; init; }

    /// <summary>Where it failed, with <see cref="SkipReason.Failed"/> and <see cref="SkipReason.TimedOut"/>.</summary>
    public FrameError Error { get; init; }

    /// <summary>Objects after NMS, most confident first.</summary>
    public IReadOnlyList<ObjectBox> Objects { get; init; } = [];

    public double QueueMilliseconds { get; init; }

    public double PreprocessMilliseconds { get; init; }

    /// <summary>Time of the batch's run: what the frame waited for its result.</summary>
    public double InferMilliseconds { get; init; }

    public double PostprocessMilliseconds { get; init; }

    public int BatchSize { get; init; }

    /// <summary>Another worker inferred it.</summary>
    public bool Spilled { get; init; }
}

/// <summary>The step that failed.</summary>
internal enum FrameError
{
    None,
    Preprocessing,
    Inference,
    Postprocessing,
    Timeout,
    Memory,
}
