using OrleansAiFleet.Detections;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.Storage.Tests.Detections;

/// <summary>Batches as a worker makes them.</summary>
internal static class Batches
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static Detection Detection(DateTimeOffset? at = null, Guid? deployment = null, float confidence = 0.75f) => new()
    {
        Id = Guid.NewGuid(),
        CameraId = Guid.NewGuid(),
        SiteId = Guid.NewGuid(),
        DeploymentId = deployment ?? Guid.NewGuid(),
        ModelId = Guid.NewGuid(),
        FrameTime = at ?? Noon,
        FrameNumber = 7,
        TrackId = 42,
        ClassId = 3,
        ClassName = "helmet ⛑",
        Confidence = confidence,
        X = 0.1f,
        Y = 0.2f,
        Width = 0.3f,
        Height = 0.4f,
    };

    public static FrameBatch Of(int detections, DateTimeOffset? at = null) =>
        new([.. Enumerable.Range(0, detections).Select(_ => Detection(at))], []);

    public static FrameBatch Counting(Guid deployment, Guid reporter, long sequence, int detections, long total) => new(
        [.. Enumerable.Range(0, detections).Select(_ => Detection(deployment: deployment))],
        [Report(deployment, reporter, sequence, new() { FramesDecoded = total, Detections = total })]);

    public static WindowReport Report(Guid deployment, Guid reporter, long sequence, WindowTotals totals) => new()
    {
        Window = WindowKey.For(deployment, Noon),
        Reporter = reporter,
        Sequence = sequence,
        Totals = totals,
    };
}
