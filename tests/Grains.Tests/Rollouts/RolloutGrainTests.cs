using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

public sealed class RolloutGrainTests : IAsyncLifetime
{
    private ControlCluster _cluster = null!;
    private RolledOutSite _site = null!;

    public async Task InitializeAsync()
    {
        _cluster = await ControlCluster.StartAsync(control: 2, workers: 1);
        _site = await RolledOutSite.CreateAsync(_cluster);
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Key_of_the_stable_deployment_goes_over_with_its_cameras_and_no_sooner()
    {
        var stable = _cluster.Grains.GetGrain<IDeploymentGrain>(_site.Stable.Id);
        var candidate = _cluster.Grains.GetGrain<IDeploymentGrain>(_site.RolloutId);
        await stable.SetApiKey("kept");
        await _site.BeginAsync(Weight(100));
        await _site.UntilAsync(rollout => rollout.Progress.Phase == RolloutPhase.Promoting, "all cameras");
        Assert.Null((await candidate.Get())!.ApiKey);

        await _site.UntilAsync(rollout => rollout.IsSettled, "the end");

        Assert.Equal("kept", (await candidate.Get())!.ApiKey);
    }

    [Fact]
    public async Task Key_that_the_candidate_has_already_stays()
    {
        await _cluster.Grains.GetGrain<IDeploymentGrain>(_site.Stable.Id).SetApiKey("kept");
        await _site.BeginAsync(Weight(25), Pause(60));
        await _site.UntilAsync(rollout => rollout.Progress.Step == 1, "the pause");
        var candidate = _cluster.Grains.GetGrain<IDeploymentGrain>(_site.RolloutId);
        await candidate.SetApiKey("own");

        await _site.UntilAsync(rollout => rollout.IsSettled, "the end");

        Assert.Equal("own", (await candidate.Get())!.ApiKey);
    }

    [Fact]
    public async Task Candidate_gets_cameras_step_by_step_and_takes_over_in_the_end()
    {
        await _site.BeginAsync(Weight(25), Pause(60), Weight(50), Pause(60));

        var first = await _site.UntilAsync(rollout => rollout.Progress.Step == 1, "the first pause");
        Assert.Single(_site.Served(), camera => camera.Live == _site.RolloutId);
        var second = await _site.UntilAsync(rollout => rollout.Progress.Step == 3, "the second pause");
        Assert.Equal(2, _site.Served().Count(camera => camera.Live == _site.RolloutId));
        var end = await _site.UntilAsync(rollout => rollout.IsSettled, "the end");

        Assert.Subset(second.CandidateCameras.ToHashSet(), first.CandidateCameras.ToHashSet());
        Assert.InRange((second.Progress.Since - first.Progress.Since).TotalSeconds, 60, 90);
        Assert.Equal(RolloutPhase.Succeeded, end.Progress.Phase);
        Assert.Equal(DeploymentStatus.Terminated, await _site.StatusOfAsync(_site.Stable.Id));
        var candidate = (await _cluster.Grains.GetGrain<IDeploymentGrain>(_site.RolloutId).Get())!;
        Assert.Equal((DeploymentStatus.Active, _site.Stable.DeploymentType), (candidate.DeploymentStatus, candidate.DeploymentType));
        Assert.Equal((_site.Next.Id, _site.Stable.Id), (candidate.ModelId, candidate.PreviousDeploymentId));
        Assert.All(_site.Served(), camera => Assert.Equal((_site.RolloutId, 1), camera));
        Assert.Equal(
            [RolloutPhase.Pending, RolloutPhase.Progressing, RolloutPhase.Promoting, RolloutPhase.Succeeded],
            end.Decisions.Select(decision => decision.Progress.Phase).Distinct());
    }

    [Fact]
    public async Task Every_camera_has_one_of_the_two_while_the_other_stands_by()
    {
        await _site.BeginAsync(Weight(50), Pause(600));
        await _site.UntilAsync(rollout => rollout.Progress.Step == 1, "the pause");

        Assert.All(_site.Served(), camera => Assert.Equal((true, 2), (camera.Live is not null, camera.Subscriptions)));
    }

    [Fact]
    public async Task Told_to_roll_back_it_gives_the_cameras_back_at_once_and_ends_the_candidate()
    {
        await _site.BeginAsync(Weight(50), Pause(600));
        await _site.UntilAsync(rollout => rollout.Progress.Step == 1, "the pause");
        var by = Guid.NewGuid();

        var told = await _site.Rollout.Tell(RolloutCommand.RollBack, "Too many false alarms.", by);

        Assert.Equal((RolloutPhase.RollingBack, 0), (told.Progress.Phase, told.Progress.Weight));
        Assert.All(_site.Served(), camera => Assert.Equal(_site.Stable.Id, camera.Live));
        var end = await _site.UntilAsync(rollout => rollout.IsSettled, "the end");
        Assert.Equal((RolloutPhase.RolledBack, "Too many false alarms."), (end.Progress.Phase, end.Progress.Reason));
        Assert.Contains(end.Decisions, decision => decision.By == by && decision.Command == RolloutCommand.RollBack);
        Assert.Equal(DeploymentStatus.Terminated, await _site.StatusOfAsync(_site.RolloutId));
        Assert.Equal(DeploymentStatus.Active, await _site.StatusOfAsync(_site.Stable.Id));
    }

    [Fact]
    public async Task Candidate_whose_model_loads_nowhere_never_gets_a_camera()
    {
        _cluster.Streams.Unloaded[_site.RolloutId] = true;
        await _site.BeginAsync(rollout => rollout with { Steps = [Weight(50)], ProgressDeadlineSeconds = 30 });

        var end = await _site.UntilAsync(rollout => rollout.IsSettled, "the end");

        Assert.Equal("4 of 4 cameras were not served after 30 seconds.", end.Progress.Reason);
        Assert.DoesNotContain(end.Decisions, decision => decision.Progress.Weight > 0);
        Assert.Equal(DeploymentStatus.Active, await _site.StatusOfAsync(_site.Stable.Id));
    }

    [Fact]
    public async Task Camera_of_which_nothing_is_known_is_waited_for()
    {
        var unknown = _site.Cameras[0];
        _cluster.Streams.Broken[unknown] = new InvalidOperationException("no answer");
        await _site.BeginAsync(rollout => rollout with { Steps = [Weight(50)], ProgressDeadlineSeconds = 60 });

        var end = await _site.UntilAsync(rollout => rollout.IsSettled, "the end");

        Assert.Equal((RolloutPhase.RolledBack, "1 of 4 cameras were not served after 60 seconds."), (end.Progress.Phase, end.Progress.Reason));
    }

    [Fact]
    public async Task Silo_that_dies_in_the_middle_is_not_missed()
    {
        await _site.BeginAsync(Weight(25), Pause(30), Weight(75), Pause(30));
        await _site.UntilAsync(rollout => rollout.Progress.Step == 1, "the first pause");

        await _cluster.KillAsync((await _cluster.WhereIs(_site.Rollout))!);
        var end = await _site.UntilAsync(rollout => rollout.IsSettled, "the end");

        Assert.Equal(RolloutPhase.Succeeded, end.Progress.Phase);
        Assert.Equal([0, 25, 75, 100], end.Decisions.Select(decision => decision.Progress.Weight).Distinct());
    }

    [Fact]
    public async Task What_is_in_a_rollout_is_in_one()
    {
        await _site.BeginAsync(Weight(25), Pause(600));
        var other = Guid.NewGuid();

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => _cluster.Grains.GetGrain<IRolloutGrain>(other).Begin(new()
        {
            Id = other, StableDeploymentId = _site.Stable.Id, CandidateModelId = _site.Next.Id, Steps = [Weight(10)],
        }));

        Assert.Equal((RefusalKind.Conflict, "deployment_id"), (refused.Kind, refused.Field));
        Assert.Null(await _site.StatusOfAsync(other));
    }

    [Fact]
    public void What_is_on_demand_has_no_cameras_to_bring_over()
    {
        var onDemand = _site.Stable with { DeploymentStrategy = DeploymentStrategy.OnDemand, DeploymentStatus = DeploymentStatus.Active };
        var rollout = new Rollout { Id = Guid.NewGuid(), StableDeploymentId = onDemand.Id, CandidateModelId = _site.Next.Id, Steps = [Weight(10)] };

        Assert.Null(RolloutPolicy.Judge(rollout, onDemand with { DeploymentStrategy = DeploymentStrategy.Immediate }, _site.Next, open: null));
        var refused = RolloutPolicy.Judge(rollout, onDemand, _site.Next, open: null);

        Assert.Equal((RefusalKind.Conflict, "deployment_id"), (refused!.Kind, refused.Field));
    }

    [Fact]
    public async Task Asking_again_for_the_same_begins_nothing_twice()
    {
        var begun = await _site.BeginAsync(Weight(25), Pause(600));
        await _site.UntilAsync(rollout => rollout.Progress.Step == 1, "the pause");

        var again = await _site.BeginAsync(Weight(25), Pause(600));
        var other = await Assert.ThrowsAsync<FleetRefusedException>(() => _site.BeginAsync(Weight(30)));

        Assert.Equal((begun.Id, 1), (again.Id, again.Progress.Step));
        Assert.Equal(RefusalKind.Conflict, other.Kind);
    }

    [Fact]
    public async Task Version_that_cannot_be_deployed_begins_nothing()
    {
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => _site.BeginAsync(
            rollout => rollout with { Steps = [Weight(10)], CandidateModelId = Guid.NewGuid() }));

        Assert.Equal("model_id", refused.Field);
        Assert.Null(await _site.Rollout.Get());
    }

    [Theory]
    [InlineData(101, 10, "steps[0].weight")]
    [InlineData(-1, 10, "steps[0].weight")]
    [InlineData(10, 0, "steps[1].duration_seconds")]
    public async Task Step_that_cannot_be_taken_is_named(int weight, int seconds, string field)
    {
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => _site.BeginAsync(Weight(weight), Pause(seconds)));

        Assert.Equal((RefusalKind.Invalid, field), (refused.Kind, refused.Field));
    }

    private static RolloutStep Weight(int weight) => new() { Kind = RolloutStepKind.SetWeight, Weight = weight };

    private static RolloutStep Pause(int seconds) => new() { Kind = RolloutStepKind.Pause, DurationSeconds = seconds };
}
