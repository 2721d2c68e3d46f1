using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Deployments;

public sealed class DeploymentPolicyTests
{
    private static readonly AiModel Model = Rows.Released(Rows.Model());
    private static readonly Site Site = Rows.Site();
    private static readonly Camera Camera = Rows.Camera(Site.Id);
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Deployment Good = Rows.Deployment(Model.Id, Site.Id, Camera.Id);

    public static TheoryData<string, string> FaultyRows()
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, field, _) in Faults)
        {
            data.Add(name, field);
        }

        return data;
    }

    private static (string Name, string Field, Func<Deployment, Deployment> Spoil)[] Faults =>
    [
        ("another id", "id", row => row with { Id = Guid.NewGuid() }),
        ("no name", "deployment_name", row => row with { DeploymentName = " " }),
        ("long name", "deployment_name", row => row with { DeploymentName = new string('x', 256) }),
        ("gradual from nothing", "previous_deployment_id", row => row with { DeploymentStrategy = DeploymentStrategy.Gradual }),
        ("scheduled for no time", "scheduled_start_time", row => row with { DeploymentStrategy = DeploymentStrategy.Scheduled }),
        ("a deployment that follows itself", "previous_deployment_id", row => row with { PreviousDeploymentId = row.Id }),
        ("a start that nobody waits for", "scheduled_start_time", row => row with { ScheduledStartTime = Noon }),
        ("over before it starts", "scheduled_end_time",
            row => row with { DeploymentStrategy = DeploymentStrategy.Scheduled, ScheduledStartTime = Noon, ScheduledEndTime = Noon }),
        ("on demand with cameras", "input_sources", row => row with { DeploymentStrategy = DeploymentStrategy.OnDemand, InputSources = [Guid.NewGuid()] }),
        ("no such type", "deployment_type", row => row with { DeploymentType = (DeploymentType)99 }),
        ("no such priority", "priority_level", row => row with { PriorityLevel = (PriorityLevel)99 }),
        ("confidence above 1", "confidence_threshold", row => row with { ConfidenceThreshold = 1.01m }),
        ("confidence below 0", "confidence_threshold", row => row with { ConfidenceThreshold = -0.01m }),
        ("batch of 0", "batch_size", row => row with { BatchSize = 0 }),
        ("interval below 0", "processing_interval_seconds", row => row with { ProcessingIntervalSeconds = -1 }),
        ("interval of more than a day", "processing_interval_seconds", row => row with { ProcessingIntervalSeconds = 86_401 }),
        ("no requests", "max_concurrent_requests", row => row with { MaxConcurrentRequests = 0 }),
        ("no time", "timeout_seconds", row => row with { TimeoutSeconds = 0 }),
        ("no cores", "allocated_cpu_cores", row => row with { AllocatedCpuCores = 0 }),
        ("no instance", "min_instances", row => row with { MinInstances = 0 }),
        ("fewer at most than at least", "max_instances", row => row with { MinInstances = 4, MaxInstances = 3 }),
        ("scale up above 100", "scale_up_threshold", row => row with { ScaleUpThreshold = 101 }),
        ("scale down above up", "scale_down_threshold", row => row with { ScaleDownThreshold = 90 }),
        ("no rate", "rate_limit_requests_per_minute", row => row with { RateLimitRequestsPerMinute = 0 }),
        ("empty cameras", "input_sources", row => row with { InputSources = [] }),
        ("a camera twice", "input_sources", row => row with { InputSources = [Camera.Id, Camera.Id] }),
        ("too many cameras", "input_sources",
            row => row with { InputSources = [.. Enumerable.Range(0, 1001).Select(_ => Guid.NewGuid())] }),
        ("limits of something else", "resource_limits", row => row with { ResourceLimits = new JsonText("""{"disks": 2}""") }),
        ("limit of nothing", "resource_limits.cpu_cores", row => row with { ResourceLimits = new JsonText("""{"cpu_cores": 0}""") }),
        ("bad JSON", "resource_limits", row => row with { ResourceLimits = new JsonText("{") }),
    ];

    [Theory]
    [MemberData(nameof(FaultyRows))]
    public void Faulty_row_is_refused_with_the_field_at_fault(string fault, string field)
    {
        var row = Faults.Single(each => each.Name == fault).Spoil(Good);

        var refusal = DeploymentPolicy.Judge(Good.Id, row);

        Assert.Equal((RefusalKind.Invalid, field), (refusal!.Kind, refusal.Field));
    }

    [Fact]
    public void Row_in_order_is_taken()
    {
        Assert.Null(DeploymentPolicy.Judge(Good.Id, Good));
        Assert.Null(DeploymentPolicy.Judge(Good, Model, Site, [Camera]));
    }

    [Fact]
    public void Row_on_demand_is_taken_where_it_names_no_camera() =>
        Assert.Null(DeploymentPolicy.Judge(Good.Id, Good with { DeploymentStrategy = DeploymentStrategy.OnDemand, InputSources = null }));

    [Fact]
    public void Row_without_input_sources_looks_at_the_whole_site()
    {
        var wholeSite = Good with { InputSources = null };

        Assert.Null(DeploymentPolicy.Judge(Good.Id, wholeSite));
        Assert.Null(DeploymentPolicy.Judge(wholeSite, Model, Site, []));
    }

    [Fact]
    public void What_a_row_names_must_be_there_and_fit()
    {
        Assert.Equal("model_id", DeploymentPolicy.Judge(Good, null, Site, [Camera])!.Field);
        Assert.Equal("model_id", DeploymentPolicy.Judge(Good, Model with { Configuration = null }, Site, [Camera])!.Field);
        Assert.Equal("site_id", DeploymentPolicy.Judge(Good, Model, null, [Camera])!.Field);
        Assert.Equal("input_sources", DeploymentPolicy.Judge(Good, Model, Site, [null])!.Field);
        Assert.Equal(
            "input_sources",
            DeploymentPolicy.Judge(Good, Model, Site, [Camera with { SiteId = Guid.NewGuid() }])!.Field);
        Assert.Equal("batch_size", DeploymentPolicy.Judge(Good, Model with { BatchSizeMax = 3 }, Site, [Camera])!.Field);
        Assert.Null(DeploymentPolicy.Judge(Good, Model with { BatchSizeMax = null }, Site, [Camera]));
    }

    [Fact]
    public void Row_is_the_same_whichever_of_the_two_was_in_the_database()
    {
        var asked = Good with
        {
            ResourceLimits = new JsonText("""{"cpu_cores":2,"ram_gb":4}"""),
            ConfidenceThreshold = 0.504m,
            ScheduledEndTime = new DateTimeOffset(2026, 5, 1, 14, 0, 0, TimeSpan.FromHours(2)).AddTicks(3),
        };
        var stored = asked with
        {
            ResourceLimits = new JsonText("""{"ram_gb": 4, "cpu_cores": 2}"""),
            ConfidenceThreshold = 0.50m,
            ScheduledEndTime = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero),
            DeploymentStatus = DeploymentStatus.Active,
            DeployedAt = ControlCluster.Start,
            InputSources = [.. asked.InputSources!],
        };

        Assert.True(DeploymentPolicy.Same(asked, stored));
        Assert.False(DeploymentPolicy.Same(asked, stored with { BatchSize = 5 }));
    }
}
