using OrleansAiFleet.Metrics;

namespace OrleansAiFleet.Rollouts;

/// <summary>Sums over the frames whose results came in one slot. They add up.</summary>
public sealed record TrialTotals
{
    /// <summary>Nothing.</summary>
    public static TrialTotals Empty { get; } = new();

    /// <summary>Seconds of the slot in which the camera was watched.</summary>
    public double WatchedSeconds { get; init; }

    public long FramesInferred { get; init; }

    /// <summary>Frames that ended in an error; a time-out is none.</summary>
    public long Errors { get; init; }

    /// <summary>Frames that waited longer than the deployment allows.</summary>
    public long Timeouts { get; init; }

    /// <summary>From a frame's arrival to its detections.</summary>
    public LatencySketch Latency { get; init; } = LatencySketch.Empty;

    public long Detections { get; init; }

    public double ConfidenceSum { get; init; }

    /// <summary>Frames inferred without a detection.</summary>
    public long EmptyFrames { get; init; }

    /// <summary>Tracks that ended.</summary>
    public long Tracks { get; init; }

    /// <summary>Seconds from first to last sight, over the tracks that ended.</summary>
    public double TrackSeconds { get; init; }

    /// <summary>Frames that both versions looked at; the candidate's row has it.</summary>
    public long FramesPaired { get; init; }

    /// <summary>Objects that both found alike on these.</summary>
    public long ObjectsAlike { get; init; }

    /// <summary>Objects that at least one found on these.</summary>
    public long ObjectsFound { get; init; }

    /// <summary>Frames that a model was given.</summary>
    public long FramesTried => FramesInferred + Errors + Timeouts;

    public static TrialTotals operator +(TrialTotals left, TrialTotals right) => new()
    {
        WatchedSeconds = left.WatchedSeconds + right.WatchedSeconds,
        FramesInferred = left.FramesInferred + right.FramesInferred,
        Errors = left.Errors + right.Errors,
        Timeouts = left.Timeouts + right.Timeouts,
        Latency = left.Latency + right.Latency,
        Detections = left.Detections + right.Detections,
        ConfidenceSum = left.ConfidenceSum + right.ConfidenceSum,
        EmptyFrames = left.EmptyFrames + right.EmptyFrames,
        Tracks = left.Tracks + right.Tracks,
        TrackSeconds = left.TrackSeconds + right.TrackSeconds,
        FramesPaired = left.FramesPaired + right.FramesPaired,
        ObjectsAlike = left.ObjectsAlike + right.ObjectsAlike,
        ObjectsFound = left.ObjectsFound + right.ObjectsFound,
    };
}
