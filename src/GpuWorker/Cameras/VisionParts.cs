using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Detections;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>Writes the track id of each object of the next frame.</summary>
internal delegate void TrackObjects(IReadOnlyList<ObjectBox> objects, DateTimeOffset time, Span<long?> trackIds);

/// <summary>Makes the parts of a stream that look at pictures.</summary>
internal sealed record VisionParts
{
    /// <summary>A gate that says of each next frame whether something moves.</summary>
    public Func<MotionSettings, Func<VideoFrame, bool>> MotionGate { get; init; } = settings =>
    {
        var gate = new MotionGate(settings);

        // While the background is learnt nobody knows what moves: nothing may be missed then.
        return frame => gate.Observe(frame.Y, frame.Width, frame.Height) is { Moving: true } or { Calibrating: true };
    };

    /// <summary>A tracker whose ids count up from the given one.</summary>
    public Func<TrackerSettings, long, TrackObjects> Tracker { get; init; } =
        (settings, firstId) => new ObjectTracker(settings, firstId).Update;
}
