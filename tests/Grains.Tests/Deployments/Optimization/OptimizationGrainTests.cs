using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Grains.Tests.Rollouts;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Deployments.Optimization;

public sealed class OptimizationGrainTests : IAsyncLifetime
{
    // Its interval is that of the deployment; its size is that of the model.
    private static readonly MeasuredWorld World = new()
    {
        Current = new() { Instances = 1, BatchSize = 1, Width = 640, Height = 640, IntervalSeconds = 1 },
        Bounds = new() { Cameras = 4 },
    };

    private readonly Guid _id = Guid.NewGuid();
    private ControlCluster _cluster = null!;
    private RolledOutSite _site = null!;

    private IOptimizationGrain Search => _cluster.Grains.GetGrain<IOptimizationGrain>(_id);

    private IDeploymentGrain Deployment => _cluster.Grains.GetGrain<IDeploymentGrain>(_site.Stable.Id);

    public async Task InitializeAsync()
    {
        _cluster = await ControlCluster.StartAsync(control: 2, workers: 1);
        _cluster.Inference.Measure = trial => World.Measure(trial.Configuration);
        _site = await RolledOutSite.CreateAsync(_cluster);
        var size = new PreprocessingPipeline { InputWidth = 640, InputHeight = 640 };
        await Deployment.Edit(new() { Fields = JsonText.From(new { PreprocessingPipeline = size, BatchSize = 1 }) });
        await _cluster.Passing(
            async () => (await _cluster.Grains.GetGrain<OrleansAiFleet.Cameras.ICameraSupervisorGrain>(0).GetStatusesOf(_site.Stable.SiteId))
                .Count(camera => camera.Live.Contains(_site.Stable.Id)) == 4,
            "the cameras run");
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task What_is_found_is_applied_when_a_person_consents_and_not_before()
    {
        var begun = await BeginAsync();
        Assert.Equal(World.Current, begun.Progress.Current);

        var found = await UntilAsync(row => row.Progress.Phase == OptimizationPhase.Proposed);
        Assert.Equal(480, found.Progress.Proposal!.Configuration.Width);
        var before = (await Deployment.Get())!;
        Assert.Equal(1, before.BatchSize);

        var by = Guid.NewGuid();
        var applied = await Search.Apply(by);

        var after = (await Deployment.Get())!;
        Assert.Equal((OptimizationPhase.Applied, by), (applied.Progress.Phase, applied.Progress.EndedBy));
        Assert.Equal(found.Progress.Proposal.Configuration.BatchSize, after.BatchSize);
        var pipeline = after.PreprocessingPipeline!.Value.To<PreprocessingPipeline>()!;
        Assert.Equal((480, 480), (pipeline.InputWidth, pipeline.InputHeight));
        Assert.Equal(OptimizationPhase.Applied, (await Search.Apply(by)).Progress.Phase);
    }

    [Fact]
    public async Task Frames_are_shared_as_cameras_and_instances_are()
    {
        var shares = new System.Collections.Concurrent.ConcurrentBag<double>();
        _cluster.Inference.Measure = trial =>
        {
            shares.Add(trial.Share);
            Assert.Equal(_site.Stable.Id, trial.DeploymentId);
            return World.Measure(trial.Configuration);
        };
        await BeginAsync();

        await UntilAsync(row => row.IsSettled);

        Assert.All(shares, share => Assert.Equal(1, share));
    }

    [Fact]
    public async Task Killed_silo_is_followed_by_one_that_goes_on_and_ends_the_same()
    {
        await BeginAsync();
        await UntilAsync(row => row.Standing.Measurements.Length >= 2);

        await _cluster.KillAsync((await _cluster.WhereIs(Search))!);

        var found = await UntilAsync(row => row.IsSettled);
        Assert.Equal(OptimizationPhase.Proposed, found.Progress.Phase);
        Assert.Equal(
            found.Standing.Measurements.Length, found.Standing.Measurements.DistinctBy(each => each.Configuration).Count());
    }

    [Fact]
    public async Task Deployment_in_a_rollout_is_not_searched_for()
    {
        await _site.BeginAsync(new RolloutStep { Kind = RolloutStepKind.Pause });

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => BeginAsync());

        Assert.Equal((RefusalKind.Conflict, "deployment_id"), (refused.Kind, refused.Field));
    }

    [Fact]
    public async Task Rollout_that_begins_meanwhile_ends_it()
    {
        _cluster.Inference.Measure = trial => World.Measure(trial.Configuration) with { Fault = TrialFault.Busy };
        await BeginAsync();
        await _site.BeginAsync(new RolloutStep { Kind = RolloutStepKind.Pause });

        var ended = await UntilAsync(row => row.IsSettled);

        Assert.Equal(OptimizationPhase.Failed, ended.Progress.Phase);
        Assert.Contains("rollout", ended.Progress.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proposal_is_not_applied_to_a_deployment_that_was_changed_since()
    {
        await BeginAsync();
        await UntilAsync(row => row.Progress.Phase == OptimizationPhase.Proposed);
        await Deployment.Edit(new() { Fields = JsonText.From(new { ProcessingIntervalSeconds = 7 }) });

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => Search.Apply(Guid.NewGuid()));

        Assert.Equal(RefusalKind.Conflict, refused.Kind);
        Assert.Equal(7, (await Deployment.Get())!.ProcessingIntervalSeconds);
        Assert.Equal(1, (await Deployment.Get())!.BatchSize);
    }

    [Fact]
    public async Task Second_search_of_a_deployment_is_refused_and_the_same_one_is_not_begun_twice()
    {
        _cluster.Inference.Measure = trial => World.Measure(trial.Configuration) with { Fault = TrialFault.Busy };
        var first = await BeginAsync();

        Assert.Equal(first.Id, (await BeginAsync()).Id);
        var other = _cluster.Grains.GetGrain<IOptimizationGrain>(Guid.NewGuid());
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => other.Begin(Wish(other.GetPrimaryKey())));
        Assert.Equal((RefusalKind.Conflict, "deployment_id"), (refused.Kind, refused.Field));

        var cancelled = await Search.Cancel(Guid.NewGuid());
        Assert.Equal(OptimizationPhase.Cancelled, cancelled.Progress.Phase);
        await Assert.ThrowsAsync<FleetRefusedException>(() => Search.Apply(null));
        await other.Begin(Wish(other.GetPrimaryKey()));
    }

    [Fact]
    public async Task Nothing_is_tried_while_a_site_is_maintained()
    {
        var tried = 0;
        _cluster.Inference.Measure = trial =>
        {
            Interlocked.Increment(ref tried);
            return World.Measure(trial.Configuration);
        };
        await _cluster.Grains.GetGrain<IMaintenanceGrain>(_site.Stable.SiteId).Enable("Cables", null, Guid.NewGuid());
        _cluster.Clock.Advance(TimeSpan.FromSeconds(2));
        await BeginAsync();
        for (var i = 0; i < 10; i++)
        {
            _cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20);
        }

        Assert.Equal(0, Volatile.Read(ref tried));
    }

    private Task<PerformanceOptimization> BeginAsync() => Search.Begin(Wish(_id));

    private PerformanceOptimization Wish(Guid id) => new() { Id = id, DeploymentId = _site.Stable.Id, Wish = new() { LatencyTargetMilliseconds = 200 } };

    private async Task<PerformanceOptimization> UntilAsync(Func<PerformanceOptimization, bool> wanted)
    {
        PerformanceOptimization? found = null;
        await _cluster.Passing(async () => (found = await Search.Get()) is { } now && wanted(now), "the search is as wanted");
        return found!;
    }
}
