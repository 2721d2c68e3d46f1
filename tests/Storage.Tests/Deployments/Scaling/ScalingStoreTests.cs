using Microsoft.Extensions.DependencyInjection;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Storage.Deployments.Scaling;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Deployments.Scaling;

public sealed class ScalingStoreTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private IScalingStore Store => database.Get<IScalingStore>();

    [Fact]
    public async Task States_and_decisions_are_read_as_they_were_written()
    {
        var deployment = await DeployAsync();
        var state = new ScalingState { DeploymentId = deployment.Id, Wanted = 3, Workers = ["10.0.0.1:1@1"], Refusal = "No room.", ChangedAt = Start };
        var decision = new ScalingDecision
        {
            Id = Guid.CreateVersion7(), DeploymentId = deployment.Id, DecidedAt = Start, FromInstances = 0, ToInstances = 1, Wanted = 3, Reason = "Because.",
            UtilizationPercent = 81.5, QueueAgeMilliseconds = 12.25, Workers = ["worker-1"],
        };
        var bare = new ScalingDecision { Id = Guid.CreateVersion7(), DeploymentId = deployment.Id, DecidedAt = Start.AddSeconds(1), Reason = "Less." };

        Assert.True(await Store.WriteAsync([state], [decision, bare], CancellationToken.None));

        Assert.Equivalent(state with { Revision = 1 }, await StateAsync(deployment), strict: true);
        Assert.Equivalent(new[] { bare, decision }, await DecisionsAsync(deployment), strict: true);
        Assert.Equal([bare.Id], (await DecisionsAsync(deployment, limit: 1)).Select(each => each.Id));

        await Store.NoteColdStartAsync(deployment.Id, 1234.5, CancellationToken.None);
        await Store.NoteColdStartAsync(deployment.Id, 9, CancellationToken.None);
        Assert.Equal([null, 1234.5], (await DecisionsAsync(deployment)).Select(each => each.ColdStartMilliseconds));
    }

    [Theory]
    [InlineData("""{"gpu_memory_gb": 7}""", 2, 3)]
    [InlineData("""{"gpu_memory_gb": 3}""", 1, 1)]
    [InlineData("""{"disks": 3}""", 2, 5)]
    public async Task Instances_are_as_many_as_keep_to_the_limits_and_bring_the_deployments_own_pipelines(string limits, int fewest, int most)
    {
        var deployment = await DeployAsync(row => row with
        {
            AutoScalingEnabled = true, MinInstances = 2, MaxInstances = 5, AllocatedGpuMemoryGb = 2, ResourceLimits = new JsonText(limits),
            PreprocessingPipeline = new JsonText("""{"resize": "stretch"}"""),
        });

        var read = (await Store.ReadAsync(CancellationToken.None)).Deployments.Single(each => each.Id == deployment.Id);

        Assert.Equal((fewest, most), (read.MinInstances, read.MaxInstances));
        Assert.Equal("stretch", read.Model!.Configuration.Resize);
    }

    [Fact]
    public async Task Of_two_who_decide_on_the_same_one_is_told_so_and_leaves_nothing()
    {
        var (one, other) = (await DeployAsync(), await DeployAsync());
        await Store.WriteAsync([State(one)], [], CancellationToken.None);

        Assert.False(await Store.WriteAsync([State(other), State(one)], [Decision(one)], CancellationToken.None));
        Assert.Null(await StateAsync(other));
        Assert.Empty(await DecisionsAsync(one));

        Assert.True(await Store.WriteAsync([State(other), State(one) with { Revision = 1, Wanted = 5 }], [Decision(one)], CancellationToken.None));
        Assert.Equal((2L, 5), ((await StateAsync(one))!.Revision, (await StateAsync(one))!.Wanted));
        Assert.Single(await DecisionsAsync(one));
    }

    [Fact]
    public async Task Deployment_is_read_with_what_it_takes_and_its_model_where_it_is_scaled()
    {
        var scaled = await DeployAsync(row => row with
        {
            AutoScalingEnabled = true, MinInstances = 2, MaxInstances = 5, ScaleUpThreshold = 70.5m, ScaleDownThreshold = 20,
            PriorityLevel = PriorityLevel.Critical, AllocatedGpuMemoryGb = 2.5m, AllocatedCpuCores = 3, AllocatedRamGb = 6,
        });
        var onDemand = await DeployAsync(
            row => row with { DeploymentStrategy = DeploymentStrategy.OnDemand },
            model => model with { MinGpuMemoryGb = 1.5m, CpuCoresRequired = 2 });
        var plain = await DeployAsync();
        var paused = await DeployAsync(row => row with { AutoScalingEnabled = true, DeploymentStatus = DeploymentStatus.Paused });
        var stable = await DeployAsync(row => row with { AutoScalingEnabled = true });
        var candidate = await DeployAsync(row => row with { AutoScalingEnabled = true });
        await database.StoreAsync(new Rollout
        {
            Id = candidate.Id, SiteId = stable.SiteId, StableDeploymentId = stable.Id, CandidateModelId = candidate.ModelId,
        });
        var unreadable = await DeployAsync(row => row with { AutoScalingEnabled = true }, model => model with { Configuration = new("[1]") });

        // Of its own: one that has read lately knows of no new deployment that it does not place.
        await using var services = FleetDatabase.Services(database.ConnectionString);
        var store = services.GetRequiredService<IScalingStore>();
        var read = (await store.ReadAsync(CancellationToken.None)).Deployments.ToDictionary(deployment => deployment.Id);

        var first = read[scaled.Id];
        Assert.Equal((true, false, 2, 5), (first.IsAutoscaled, first.IsOnDemand, first.MinInstances, first.MaxInstances));
        Assert.Equal((70.5, 20.0), (first.ScaleUpThreshold, first.ScaleDownThreshold));
        Assert.Equal((PriorityLevel.Critical, new() { GpuMemoryGb = 2.5m, RamGb = 6, Cores = 3 }), (first.Priority, first.Need));
        Assert.Equal((true, scaled.ModelId, "models/a.onnx"), (first.IsScheduled, first.Model!.ModelId, first.Model.FilePath));
        Assert.Equal((true, new InstanceNeed { GpuMemoryGb = 1.5m, RamGb = 1.5m, Cores = 2 }), (read[onDemand.Id].IsScheduled, read[onDemand.Id].Need));
        Assert.False(read[plain.Id].IsScheduled);
        Assert.All([stable, candidate], side => Assert.Equal((true, false), (read[side.Id].IsInRollout, read[side.Id].IsScheduled)));
        Assert.False(read.ContainsKey(paused.Id));
        Assert.Equal((true, false), (read[unreadable.Id].IsAutoscaled, read[unreadable.Id].IsScheduled));
    }

    private async Task<Deployment> DeployAsync(Func<Deployment, Deployment>? change = null, Func<AiModel, AiModel>? changeModel = null)
    {
        var plain = Rows.Model() with { Configuration = JsonText.From(new ModelConfiguration { Decoder = "yolov8" }) };
        var model = await database.StoreAsync(changeModel?.Invoke(plain) ?? plain);
        var row = Rows.Deployment(model, await database.StoreAsync(Rows.Site()));
        return await database.StoreAsync(change?.Invoke(row) ?? row);
    }

    private async Task<ScalingState?> StateAsync(Deployment deployment) =>
        (await Store.ReadAsync(CancellationToken.None)).States.SingleOrDefault(state => state.DeploymentId == deployment.Id);

    private Task<IReadOnlyList<ScalingDecision>> DecisionsAsync(Deployment deployment, int limit = 10) =>
        database.Get<ScalingQueries>().ReadAsync(deployment.Id, limit, CancellationToken.None);

    private static ScalingState State(Deployment deployment) => new() { DeploymentId = deployment.Id, ChangedAt = Start };

    private static ScalingDecision Decision(Deployment deployment) =>
        new() { Id = Guid.CreateVersion7(), DeploymentId = deployment.Id, DecidedAt = Start, Reason = "Because." };
}
