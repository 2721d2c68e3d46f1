using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Deployments;

public sealed class DeploymentHealthTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly Deployment Working = new()
    {
        Id = Guid.NewGuid(), SiteId = Guid.NewGuid(), DeploymentName = "Gate", DeploymentStatus = DeploymentStatus.Active,
    };

    private static readonly MaintenanceMode NewSwitches = new() { Id = Working.SiteId, IsEnabled = true, Reason = "New switches." };

    [Fact]
    public void All_is_well() => Check(HealthLevel.Healthy, Of(Working, Camera("a"), Camera("b")));

    [Fact]
    public void One_camera_of_two_is_not_served()
    {
        var health = Of(Working, Camera("a"), Camera("b", StreamState.Reconnecting, problem: "no answer."));

        Check(HealthLevel.Degraded, health, "Camera b is reconnecting: no answer.");
        Assert.Equal((2, 1), (health.Cameras, health.CamerasServed));
    }

    [Fact]
    public void Nobody_looks_where_no_camera_has_its_model() => Check(
        HealthLevel.Unhealthy,
        Of(Working, Camera("a", live: Guid.NewGuid(), problem: "Model helmets 2 cannot be loaded: no such file")),
        "Camera a has not its model: Model helmets 2 cannot be loaded: no such file.");

    [Fact]
    public void Without_cameras_it_is_of_no_use() => Check(HealthLevel.Degraded, Of(Working), "It has no camera to look at.");

    [Fact]
    public void On_demand_it_needs_no_camera() =>
        Check(HealthLevel.Healthy, Of(Working with { DeploymentStrategy = DeploymentStrategy.OnDemand }, Camera("a", live: Guid.NewGuid())));

    [Fact]
    public void Cameras_of_other_sites_and_those_that_it_does_not_name_are_none_of_its_business()
    {
        var (own, other) = (Camera("a"), Camera("b", StreamState.Stopped));

        Check(HealthLevel.Healthy, Of(Working with { InputSources = [own.CameraId] }, own, other));
        Check(HealthLevel.Healthy, Of(Working, own, other with { SiteId = Guid.NewGuid() }));
    }

    [Fact]
    public void Files_that_came_to_their_end_are_no_trouble() =>
        Check(HealthLevel.Healthy, Of(Working, Camera("a"), Camera("clip", StreamState.Ended, live: Guid.Empty)));

    [Fact]
    public void Cameras_that_its_rollout_gave_to_the_other_version_are_served()
    {
        var candidate = Guid.NewGuid();
        var rollout = Rollout(candidate);

        Check(HealthLevel.Healthy, Of(new DeploymentFacts(Working, null, rollout), Camera("a"), Camera("b", live: candidate)));
        Check(
            HealthLevel.Healthy,
            Of(new DeploymentFacts(Working with { Id = candidate }, null, rollout), Camera("a"), Camera("b", live: candidate)));
    }

    [Theory]
    [InlineData(RolloutHold.None, HealthLevel.Healthy)]
    [InlineData(RolloutHold.AwaitsPerson, HealthLevel.Degraded)]
    [InlineData(RolloutHold.Inconclusive, HealthLevel.Degraded)]
    [InlineData(RolloutHold.Maintenance, HealthLevel.Healthy)]
    public void Rollout_that_waits_for_somebody_is_a_reason(RolloutHold hold, HealthLevel level)
    {
        var rollout = Rollout(Guid.NewGuid()) with { Progress = new() { Hold = hold, Reason = "Somebody has to look." } };

        Check(
            level, Of(new DeploymentFacts(Working, null, rollout), Camera("a")),
            level == HealthLevel.Healthy ? [] : ["Its rollout does not go on: Somebody has to look."]);
    }

    [Theory]
    [InlineData(5.0, true, true, HealthLevel.Healthy)]
    [InlineData(5.1, true, true, HealthLevel.Degraded)]
    [InlineData(5.1, false, true, HealthLevel.Healthy)]
    [InlineData(5.1, true, false, HealthLevel.Healthy)]
    public void Errors_above_its_threshold_are_a_reason_where_they_are_watched(double rate, bool monitors, bool alerts, HealthLevel level)
    {
        var window = new PerformanceMetrics { ErrorRatePercentage = (decimal)rate, LatencyP95Ms = 80, MetricTimestamp = Now };
        var deployment = Working with { MonitoringEnabled = monitors, AlertOnErrors = alerts };

        var health = Of(new DeploymentFacts(deployment, window, null), Camera("a"));

        Check(level, health, level == HealthLevel.Healthy ? [] : ["5.1 % of its frames ended in an error since 10:00 UTC; 5 % are allowed."]);
        Assert.Equal(((decimal)rate, 80m), (health.ErrorRatePercentage, health.LatencyP95Ms));
    }

    [Theory]
    [InlineData(2, 1, "No room.", HealthLevel.Degraded)]
    [InlineData(1, 0, "No room.", HealthLevel.Degraded)]
    [InlineData(2, 2, "No room.", HealthLevel.Healthy)]
    [InlineData(2, 1, null, HealthLevel.Healthy)]
    [InlineData(0, 0, null, HealthLevel.Healthy)]
    public void Fewer_instances_than_wanted_are_a_reason_where_the_scheduler_says_why(int wanted, int workers, string? refusal, HealthLevel level)
    {
        string[] silos = [.. Enumerable.Range(1, workers).Select(i => $"worker-{i}")];
        var state = new ScalingState { DeploymentId = Working.Id, Wanted = wanted, Workers = silos, Refusal = refusal };
        var scaled = new DeploymentFacts(Working with { AutoScalingEnabled = true }, null, null, state);
        string[] reasons = level == HealthLevel.Healthy ? [] : [refusal!];

        Check(level, Of(scaled, Camera("a")), reasons);
        Check(level, Of(scaled with { Deployment = Working with { DeploymentStrategy = DeploymentStrategy.OnDemand } }), reasons);

        // Left from before: it is not scaled, or not at the moment.
        Check(HealthLevel.Healthy, Of(scaled with { Deployment = Working }, Camera("a")));
        Check(HealthLevel.Healthy, Of(scaled with { Rollout = Rollout(Guid.NewGuid()) }, Camera("a")));
        Check(
            HealthLevel.Degraded, Of(scaled with { Deployment = scaled.Deployment with { DeploymentStatus = DeploymentStatus.Paused } }), "It is paused.");
    }

    [Fact]
    public void What_cameras_do_that_are_worked_on_is_no_trouble() => Check(
        HealthLevel.Healthy,
        DeploymentHealthPolicy.Judge(new(Working, null, null), [Camera("a", StreamState.Stopped)], NewSwitches, Now),
        "Maintenance: New switches.");

    [Theory]
    [InlineData(DeploymentStatus.Failed, HealthLevel.Unhealthy)]
    [InlineData(DeploymentStatus.Paused, HealthLevel.Degraded)]
    [InlineData(DeploymentStatus.Pending, HealthLevel.Healthy)]
    [InlineData(DeploymentStatus.Deploying, HealthLevel.Healthy)]
    [InlineData(DeploymentStatus.Terminated, HealthLevel.Healthy)]
    public void What_is_not_at_work_says_why(DeploymentStatus status, HealthLevel level)
    {
        var health = Of(Working with { DeploymentStatus = status }, Camera("a", StreamState.Stopped));

        Assert.Equal((level, 0), (health.Status, health.Cameras));
        Assert.Single(health.Reasons);
    }

    [Fact]
    public void Scheduled_deployment_says_what_it_waits_for() => Check(
        HealthLevel.Healthy,
        Of(Working with { DeploymentStatus = DeploymentStatus.Pending, DeploymentStrategy = DeploymentStrategy.Scheduled, ScheduledStartTime = Now }),
        "It waits for 2026-03-02 10:00 UTC.");

    [Fact]
    public void Site_does_as_badly_as_its_worst_deployment()
    {
        var (well, badly) = (Of(Working, Camera("a")), Of(Working with { DeploymentName = "Yard" }));

        var site = DeploymentHealthPolicy.Judge(Working.SiteId, [badly, well], null, Now);

        Assert.Equal((HealthLevel.Degraded, 2), (site.Status, site.Deployments.Length));
        Assert.Equal(["Deployment 'Yard': It has no camera to look at."], site.Reasons);
        Assert.Equal(HealthLevel.Healthy, DeploymentHealthPolicy.Judge(Working.SiteId, [], null, Now).Status);
    }

    [Fact]
    public async Task It_is_told_of_what_is_there_now()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        var site = await Rollouts.RolledOutSite.CreateAsync(cluster, cameras: 2);
        var grain = cluster.Grains.GetGrain<ISystemHealthGrain>(0);
        await cluster.Passing(
            async () => await grain.CheckDeployment(site.Stable.Id) is { Cameras: 2, CamerasServed: 2 }, "both cameras are served");

        cluster.Streams.Broken[site.Cameras[0]] = new InvalidOperationException("no answer");
        await cluster.Passing(
            async () => await grain.CheckSite(site.Stable.SiteId) is { Status: HealthLevel.Degraded, Deployments: [{ CamerasServed: 1 }] }, "one is not");
        await cluster.Grains.GetGrain<IMaintenanceGrain>(site.Stable.SiteId).Enable("New switches.", null, null);
        await cluster.Passing(
            async () => await grain.CheckSite(site.Stable.SiteId) is { Status: HealthLevel.Healthy, Maintenance.Reason: "New switches." }, "it is worked on");
        Assert.Null(await grain.CheckDeployment(Guid.NewGuid()));
    }

    private static Rollout Rollout(Guid candidate) => new() { Id = candidate, StableDeploymentId = Working.Id, Progress = new() { Reason = "" } };

    private static DeploymentHealth Of(Deployment deployment, params CameraStatus[] cameras) => Of(new DeploymentFacts(deployment, null, null), cameras);

    private static DeploymentHealth Of(DeploymentFacts facts, params CameraStatus[] cameras) =>
        DeploymentHealthPolicy.Judge(facts, cameras, null, Now);

    private static void Check(HealthLevel level, DeploymentHealth health, params string[] reasons)
    {
        Assert.Equal(reasons, health.Reasons);
        Assert.Equal(level, health.Status);
    }

    private static CameraStatus Camera(string name, StreamState state = StreamState.Running, Guid? live = null, string? problem = null) => new()
    {
        CameraId = Guid.NewGuid(), SiteId = Working.SiteId, Name = name, Silo = "worker", PlanRevision = "1", State = state,
        Live = state == StreamState.Running ? [live ?? Working.Id] : [], Problem = problem,
    };
}
