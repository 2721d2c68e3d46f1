using System.Collections.Frozen;

namespace OrleansAiFleet.Rollouts;

/// <summary>The table of the built-in measures.</summary>
public static class AnalysisMeasures
{
    private static readonly FrozenDictionary<AnalysisMeasure, AnalysisMeasureFacts> Table =
        new Dictionary<AnalysisMeasure, AnalysisMeasureFacts>
        {
            [AnalysisMeasure.ErrorRate] = new("error rate", "%", MeasureDirection.LessIsBetter, SampleKind.Frames),
            [AnalysisMeasure.TimeoutRate] = new("time-out rate", "%", MeasureDirection.LessIsBetter, SampleKind.Frames),
            [AnalysisMeasure.LatencyP95] = new("p95 latency", "ms", MeasureDirection.LessIsBetter, SampleKind.Frames),
            [AnalysisMeasure.Throughput] = new("throughput", "frames/s", MeasureDirection.MoreIsBetter, SampleKind.CameraHours),
            [AnalysisMeasure.DetectionsPerCameraHour] = new("detections per camera-hour", "", MeasureDirection.Neither, SampleKind.CameraHours),
            [AnalysisMeasure.MeanConfidence] = new("mean confidence", "", MeasureDirection.MoreIsBetter, SampleKind.Detections),
            [AnalysisMeasure.EmptyFrameShare] = new("share of empty frames", "%", MeasureDirection.Neither, SampleKind.Frames),
            [AnalysisMeasure.TrackStability] = new("track stability", "s", MeasureDirection.MoreIsBetter, SampleKind.Detections),
            [AnalysisMeasure.FalsePositiveMarks] = new("false-positive marks", "%", MeasureDirection.LessIsBetter, SampleKind.Detections),
            [AnalysisMeasure.BaselineAgreement] =
                new("agreement with the baseline", "%", MeasureDirection.MoreIsBetter, SampleKind.Frames, HasBaseline: false),
        }.ToFrozenDictionary();

    /// <summary>What is known of one measure.</summary>
    /// <exception cref="KeyNotFoundException">The value has no name.</exception>
    public static AnalysisMeasureFacts Of(AnalysisMeasure measure) => Table[measure];
}

/// <summary>What is known of one measure.</summary>
/// <param name="Label">What sentences call it.</param>
/// <param name="Unit">Of its values; empty where the label says it or there is none.</param>
/// <param name="Direction">Whether more is better.</param>
/// <param name="Samples">What its values are made of: the condition's <c>samples</c>.</param>
/// <param name="HasBaseline">Whether the version before has a value of its own; false where the measure compares both already.</param>
public sealed record AnalysisMeasureFacts(
    string Label, string Unit, MeasureDirection Direction, SampleKind Samples, bool HasBaseline = true);

/// <summary>Whether more of a measure is better.</summary>
public enum MeasureDirection
{
    MoreIsBetter = 0,
    LessIsBetter = 1,

    /// <summary>A change either way is suspicious.</summary>
    Neither = 2,
}

/// <summary>What the values of a measure are made of.</summary>
public enum SampleKind
{
    Frames = 0,
    Detections = 1,
    CameraHours = 2,
}
