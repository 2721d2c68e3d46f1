namespace OrleansAiFleet.Rollouts;

/// <summary>What can be measured of a model on trial. Units and directions: <see cref="AnalysisMeasures"/>.
/// Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.AnalysisMeasure")]
public enum AnalysisMeasure
{
    /// <summary>Frames that ended in an error among all frames tried, in percent (0 to 100).</summary>
    ErrorRate = 0,

    /// <summary>Frames that waited longer than the deployment's time-out among all frames tried, in percent (0 to 100).</summary>
    TimeoutRate = 1,

    /// <summary>95th percentile of the time from a frame's arrival to its detections, in milliseconds.</summary>
    LatencyP95 = 2,

    /// <summary>Frames inferred per second of one camera.</summary>
    Throughput = 3,

    /// <summary>Detections per hour that one camera was watched.</summary>
    DetectionsPerCameraHour = 4,

    /// <summary>Average confidence of the detections, 0 to 1.</summary>
    MeanConfidence = 5,

    /// <summary>Frames without a detection among all frames inferred, in percent (0 to 100).</summary>
    EmptyFrameShare = 6,

    /// <summary>Average time that a track lasts, in seconds: a flickering model breaks its tracks.</summary>
    TrackStability = 7,

    /// <summary>Detections that people marked as false among those that they judged, in percent (0 to 100).</summary>
    FalsePositiveMarks = 8,

    /// <summary>Objects found alike by both versions on the same frames among all objects found by either, in percent (0 to 100).</summary>
    BaselineAgreement = 9,
}
