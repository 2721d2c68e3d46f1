using OrleansAiFleet.Metrics;

namespace OrleansAiFleet.Grains.Tests.Metrics;

/// <summary>Window reports with plain numbers in them.</summary>
internal static class Reports
{
    public static WindowKey Window { get; } =
        new(new Guid("6f6b8d62-8a3e-4f0e-9f39-0d6a6a2f3a11"), new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero));

    /// <summary>A report of a reporter that has inferred so many frames with one detection each.</summary>
    public static WindowReport Of(WindowKey window, int reporter, long sequence, long frames) => new()
    {
        Window = window,
        Reporter = new Guid(reporter, 0, 0, new byte[8]),
        Sequence = sequence,
        Totals = Totals(frames),
    };

    public static WindowTotals Totals(long frames) => new()
    {
        FramesDecoded = frames * 3,
        FramesInferred = frames,
        FramesSkipped = [frames, 0, frames],
        Detections = frames,
        ConfidenceSum = frames * 0.75,
        InferenceTime = Sketch(frames, milliseconds: 8),
        Latency = Sketch(frames, milliseconds: 20),
        QueueMillisecondsSum = frames * 2,
        PreprocessMillisecondsSum = frames * 0.5,
        PostprocessMillisecondsSum = frames * 0.25,
    };

    public static LatencySketch Sketch(long count, double milliseconds)
    {
        var recorder = new LatencyRecorder();
        for (var i = 0; i < count; i++)
        {
            recorder.Record(milliseconds);
        }

        return recorder.ToSketch();
    }
}
