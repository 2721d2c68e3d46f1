using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;

using ClusterMember = OrleansAiFleet.Fleet.ClusterMember;

namespace OrleansAiFleet.Grains.Tests.Fleet;

public sealed class HealthPolicyTests
{
    private static readonly HealthFindings Good = new(
        [Silo("control", isWorker: false), Silo("worker", isWorker: true)],
        [new WorkerStatus { Silo = "worker", HostName = "host", ExecutionProvider = "CPUExecutionProvider" }],
        [],
        [Camera("gate", StreamState.Running), Camera("yard", StreamState.Running)],
        SupervisorAnswers: true,
        []);

    [Fact]
    public void Fleet_in_order_is_healthy_without_reasons()
    {
        var verdict = HealthPolicy.Judge(Good);

        Assert.Equal(HealthLevel.Healthy, verdict.Level);
        Assert.Empty(verdict.Reasons);
    }

    [Theory]
    [InlineData(StreamState.Starting, "Camera yard is starting.")]
    [InlineData(StreamState.Stopped, "Camera yard is stopped.")]
    [InlineData(StreamState.Reconnecting, "Camera yard is reconnecting: no answer.")]
    public void One_camera_of_two_not_running_is_degraded(StreamState state, string reason) => Judged(
        Good with { Cameras = [Good.Cameras[0], Camera("yard", state) with { Problem = "no answer" }] },
        HealthLevel.Degraded,
        reason);

    [Theory]
    [InlineData(CameraGrade.Poor, "Camera yard has a connection that is poor.")]
    [InlineData(CameraGrade.Unusable, "Camera yard has a connection that is unusable.")]
    public void Bad_connection_is_degraded(CameraGrade grade, string reason) => Judged(
        Good with { Cameras = [Camera("yard", StreamState.Running) with { Grade = grade }] }, HealthLevel.Degraded, reason);

    [Fact]
    public void No_camera_running_is_unhealthy() => Judged(
        Good with { Cameras = [Camera("gate", StreamState.Reconnecting) with { Problem = "no worker is up" }] },
        HealthLevel.Unhealthy,
        "Camera gate is reconnecting: no worker is up.");

    [Fact]
    public void Files_that_came_to_their_end_are_no_trouble() =>
        Judged(Good with { Cameras = [Camera("clip", StreamState.Ended)] }, HealthLevel.Healthy);

    [Fact]
    public void Fleet_without_workers_is_degraded_while_nothing_is_to_be_watched() => Judged(
        new([Silo("control", isWorker: false)], [], [], [], SupervisorAnswers: true, []),
        HealthLevel.Degraded,
        "No worker is up.");

    [Fact]
    public void Who_does_not_answer_is_named() => Judged(
        Good with { SilentWorkers = ["worker 2"], SupervisorAnswers = false, Cameras = [] },
        HealthLevel.Degraded,
        "Worker worker 2 does not answer.",
        "The camera supervisor does not answer.");

    [Fact]
    public void Batches_that_wait_for_the_database_are_told() => Judged(
        Good with { Workers = [Good.Workers[0] with { JournaledBatches = 3 }] },
        HealthLevel.Degraded,
        "Worker worker keeps 3 batches of frames until the database takes them.");

    [Fact]
    public void Silo_that_comes_or_goes_is_told() => Judged(
        Good with { Silos = [.. Good.Silos, Silo("late", isWorker: true) with { Status = "Joining" }] },
        HealthLevel.Degraded,
        "Silo late is Joining.");

    [Fact]
    public void Many_cameras_in_trouble_are_summed_up()
    {
        var verdict = HealthPolicy.Judge(Good with
        {
            Cameras = [.. Enumerable.Range(0, 25).Select(number => Camera($"{number}", StreamState.Stopped))],
        });

        Assert.Equal(21, verdict.Reasons.Count);
        Assert.Equal("5 more cameras are not well.", verdict.Reasons[^1]);
    }

    private static void Judged(HealthFindings findings, HealthLevel level, params string[] reasons)
    {
        var verdict = HealthPolicy.Judge(findings);

        Assert.Equal(level, verdict.Level);
        Assert.Equal(reasons, verdict.Reasons);
    }

    private static ClusterMember Silo(string name, bool isWorker) => new(name, name, "Active", isWorker);

    private static CameraStatus Camera(string name, StreamState state) => new()
    {
        CameraId = Guid.NewGuid(),
        SiteId = Guid.NewGuid(),
        Name = name,
        Silo = "worker",
        PlanRevision = "1",
        State = state,
        Grade = CameraGrade.Excellent,
    };
}
