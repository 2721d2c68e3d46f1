using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.WebAdmin.Tests.Pages.Live;

/// <summary>Fleets as tests need them.</summary>
internal static class Health
{
    public const string Worker = "127.0.0.1:11211@7";

    public static readonly Guid Site = Guid.Parse("aaaaaaaa-0000-0000-0000-000000000001");

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static SystemHealth With(params CameraStatus[] cameras) => new()
    {
        Status = HealthLevel.Healthy,
        CheckedAt = Now,
        Silos = [new("127.0.0.1:11111@7", "silo-box", "Active", false), new(Worker, "worker-box", "Active", true)],
        Workers =
        [
            new()
            {
                Silo = Worker,
                HostName = "box",
                ExecutionProvider = "CPUExecutionProvider",
                CpuPercent = 42,
                MemoryBytes = 3L << 29,
                Models = [new() { ModelId = Guid.NewGuid() }],
                Cameras = cameras.Length,
            },
        ],
        Cameras = cameras,
    };

    public static CameraStatus Camera(string name, StreamState state = StreamState.Running, Guid? id = null) => new()
    {
        CameraId = id ?? Guid.NewGuid(),
        SiteId = Site,
        Name = name,
        Silo = Worker,
        PlanRevision = "1",
        State = state,
        Grade = CameraGrade.Excellent,
        FpsDecoded = 25,
        FpsInferred = 5,
        FramesSkipped = new() { [SkipReason.Sampling] = 12_345, [SkipReason.Superseded] = 7, [SkipReason.Failed] = 0 },
        Detections = 1_234,
        LatencyP50Milliseconds = 31,
        LatencyP95Milliseconds = 85,
        LastFrameAt = Now.AddSeconds(-5),
        Problem = state is StreamState.Reconnecting ? "Connection refused." : null,
    };
}
