using OrleansAiFleet.Cameras;
using OrleansAiFleet.FleetCli.Live;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.FleetCli.Tests.Live;

public sealed class CameraLineTests
{
    private static readonly CameraStatus Camera = new()
    {
        CameraId = Guid.NewGuid(),
        SiteId = Guid.NewGuid(),
        Name = "Gate",
        Silo = "127.0.0.1:11112@3",
        PlanRevision = "1",
        State = StreamState.Running,
        Grade = CameraGrade.Excellent,
        FpsDecoded = 15,
        FpsInferred = 4.96,
        FramesSkipped = new() { [SkipReason.NoMotion] = 7, [SkipReason.Sampling] = 100, [SkipReason.Failed] = 0 },
        Detections = 42,
        LatencyP50Milliseconds = 12.34,
        LatencyP95Milliseconds = 20,
    };

    [Fact]
    public void A_line_says_all_that_the_camera_does() => Assert.Equal(
        "Gate: running, excellent | fps decoded 15.0 inferred 5.0 | skipped sampling 100, no motion 7 | detections 42 | latency p50 12.3 p95 20.0 ms | 127.0.0.1:11112",
        CameraLine.Of(Camera));

    [Fact]
    public void A_problem_stands_at_the_end() => Assert.EndsWith(
        "| no worker is up", CameraLine.Of(Camera with { Problem = "no worker is up" }), StringComparison.Ordinal);

    [Fact]
    public void What_is_not_known_is_not_shown_as_zero() => Assert.Contains(
        "| latency - |", CameraLine.Of(Camera with { LatencyP50Milliseconds = null }), StringComparison.Ordinal);
}
