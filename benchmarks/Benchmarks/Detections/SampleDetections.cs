using OrleansAiFleet.Detections;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.Benchmarks.Detections;

/// <summary>Detections as sixteen cameras make them now.</summary>
internal sealed class SampleDetections
{
    private const int Cameras = 16;
    private const int PerFrame = 4;

    private static readonly Guid[] CameraIds = [.. Enumerable.Range(0, Cameras).Select(_ => Guid.NewGuid())];
    private static readonly Guid Site = Guid.NewGuid();
    private static readonly Guid Deployment = Guid.NewGuid();
    private static readonly Guid Model = Guid.NewGuid();
    private static readonly string[] Classes = ["worker", "helmet", "no_helmet", "vest", "no_vest", "vehicle"];

    private readonly Random _random = new(1);
    private long _made;

    /// <summary>The next so many.</summary>
    public Detection[] Next(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

    /// <summary>The next ones, in batches of a size.</summary>
    public FrameBatch[] NextBatches(int count, int size) =>
        [.. Enumerable.Range(0, count).Select(_ => new FrameBatch(Next(size), []))];

    private Detection Next()
    {
        var number = _made++;
        var frame = number / PerFrame;
        var classId = _random.Next(Classes.Length);
        return new()
        {
            Id = Guid.NewGuid(),
            CameraId = CameraIds[frame % Cameras],
            SiteId = Site,
            DeploymentId = Deployment,
            ModelId = Model,
            FrameTime = TimeProvider.System.GetUtcNow(),
            FrameNumber = frame / Cameras,
            TrackId = number % PerFrame,
            ClassId = classId,
            ClassName = Classes[classId],
            Confidence = _random.NextSingle(),
            X = _random.NextSingle() / 2,
            Y = _random.NextSingle() / 2,
            Width = _random.NextSingle() / 2,
            Height = _random.NextSingle() / 2,
        };
    }
}
