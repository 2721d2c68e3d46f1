using OrleansAiFleet.Inference;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>What becomes of a connection's frames.</summary>
internal interface IFrameSink
{
    /// <summary>The source was opened and says what it has.</summary>
    void Connected(MediaDescription description);

    /// <summary>Takes the next frame; the caller keeps its own reference.</summary>
    ValueTask TakeAsync(VideoFrame frame, CancellationToken cancellationToken);

    /// <summary>Books frames that were decoded and never delivered.</summary>
    void LeftOut(long frames, SkipReason reason);
}
