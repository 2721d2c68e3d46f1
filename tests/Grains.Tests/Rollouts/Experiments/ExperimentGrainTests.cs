using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Rollouts.Experiments;

public sealed class ExperimentGrainTests : IAsyncLifetime
{
    private ControlCluster _cluster = null!;
    private ComparedSite _compared = null!;

    private RolledOutSite Site => _compared.Site;

    public async Task InitializeAsync()
    {
        _cluster = await ControlCluster.StartAsync(control: 2, workers: 1);
        _compared = await ComparedSite.CreateAsync(_cluster);
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Better_version_takes_over_where_that_was_declared()
    {
        _compared.Find(0.06);
        var begun = await _compared.BeginAsync(plan => plan with { OnVerdict = ExperimentConsequence.PromoteWinner });

        var end = await _compared.UntilAsync(experiment => experiment.IsSettled, "the verdict");

        Assert.Equal((ExperimentPhase.Pending, Site.Stable.SiteId), (begun.Progress.Phase, begun.SiteId));
        Assert.Equal((ExperimentPhase.Concluded, ExperimentVerdict.BIsBetter), (end.Progress.Phase, end.Progress.Verdict));
        Assert.StartsWith("B is better: mean confidence +0.0", end.Progress.Reason, StringComparison.Ordinal);
        Assert.Equal(end.Progress.Reason, end.Standing.Sentence);
        Assert.InRange(0.06, end.Standing.Results[0].Lower!.Value, end.Standing.Results[0].Upper!.Value);
        var rollout = await Site.UntilAsync(each => each.IsSettled, "the promotion");
        Assert.Equal((RolloutPhase.Succeeded, end.Progress.Reason), (rollout.Progress.Phase, rollout.Progress.Reason));
        Assert.Equal(DeploymentStatus.Active, await Site.StatusOfAsync(Site.RolloutId));
    }

    [Fact]
    public async Task Nothing_is_promoted_unless_it_was_declared()
    {
        _compared.Find(0.06);
        await _compared.BeginAsync();

        var end = await _compared.UntilAsync(experiment => experiment.IsSettled, "the verdict");

        var rollout = (await Site.Rollout.Get())!;
        Assert.Equal(ExperimentVerdict.BIsBetter, end.Progress.Verdict);
        Assert.Equal((RolloutPhase.Progressing, RolloutHold.AwaitsPerson, 50), (rollout.Progress.Phase, rollout.Progress.Hold, rollout.Progress.Weight));
        await Assert.ThrowsAsync<FleetRefusedException>(() => _compared.Experiment.Stop(null, null));
        await Site.Rollout.Tell(RolloutCommand.Promote, end.Progress.Reason, Guid.NewGuid());
        Assert.Equal(RolloutPhase.Succeeded, (await Site.UntilAsync(each => each.IsSettled, "the promotion")).Progress.Phase);
    }

    [Theory]
    [InlineData(-0.06, ExperimentConsequence.PromoteWinner, ExperimentVerdict.BIsWorse, "B is worse: mean confidence -0.0")]
    [InlineData(0.0, ExperimentConsequence.PromoteWinner, ExperimentVerdict.NoDifference, "There is no difference that matters: mean confidence ")]
    [InlineData(0.06, ExperimentConsequence.KeepA, ExperimentVerdict.BIsBetter, "B is better: ")]
    public async Task Cameras_go_back_to_A(double more, ExperimentConsequence onVerdict, ExperimentVerdict verdict, string sentence)
    {
        _compared.Find(more);
        await _compared.BeginAsync(plan => plan with { OnVerdict = onVerdict });

        var end = await _compared.UntilAsync(experiment => experiment.IsSettled, "the verdict");

        Assert.Equal(verdict, end.Progress.Verdict);
        Assert.StartsWith(sentence, end.Progress.Reason, StringComparison.Ordinal);
        Assert.Equal(RolloutPhase.RolledBack, (await Site.UntilAsync(each => each.IsSettled, "the way back")).Progress.Phase);
        Assert.Equal(DeploymentStatus.Active, await Site.StatusOfAsync(Site.Stable.Id));
    }

    [Fact]
    public async Task What_cameras_do_that_are_worked_on_is_not_counted()
    {
        _compared.Find(0.06);
        await _compared.BeginAsync(plan => plan with { LongestSeconds = 7200 });
        await _compared.UntilAsync(experiment => experiment.Standing.Results[0].Tally.Slots >= 3, "some slots are counted");
        var maintenance = _cluster.Grains.GetGrain<IMaintenanceGrain>(Site.Stable.SiteId);

        await maintenance.Enable("New switches.", null, null);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(2));
        await _compared.Experiment.Look();
        var before = (await _compared.Experiment.Get())!.Standing;
        for (var minute = 0; minute < 10; minute++)
        {
            _cluster.Clock.Advance(TimeSpan.FromMinutes(1));
            await _compared.Experiment.Look();
        }

        await maintenance.Disable(null);
        var passed = (await _compared.Experiment.Get())!.Standing;
        var end = await _compared.UntilAsync(experiment => experiment.IsSettled, "the verdict");

        Assert.Equal(before.Results[0].Tally, passed.Results[0].Tally);
        Assert.True(passed.MeasuredUntil >= before.MeasuredUntil!.Value.AddMinutes(9));
        Assert.Equal(ExperimentVerdict.BIsBetter, end.Progress.Verdict);
        Assert.InRange(end.Standing.Results[0].Tally.Slots, 20, 60);
    }

    [Fact]
    public async Task Where_nothing_is_sure_it_ends_when_its_time_is_over()
    {
        await _compared.BeginAsync(plan => plan with
        {
            Metrics = [new() { Measure = AnalysisMeasure.MeanConfidence, MinimumEffect = 0.0001 }], OnVerdict = ExperimentConsequence.PromoteWinner,
        });

        var end = await _compared.UntilAsync(experiment => experiment.IsSettled, "the end");

        Assert.Equal((ExperimentPhase.Concluded, ExperimentVerdict.Undecided), (end.Progress.Phase, end.Progress.Verdict));
        Assert.StartsWith("No difference was sure in 10 minutes: mean confidence ", end.Progress.Reason, StringComparison.Ordinal);
        Assert.InRange((end.Progress.Since - end.Progress.StartedAt!.Value).TotalSeconds, 600, 660);
        Assert.Equal(RolloutPhase.RolledBack, (await Site.UntilAsync(each => each.IsSettled, "the way back")).Progress.Phase);
    }

    [Fact]
    public async Task Silo_that_dies_in_the_middle_counts_no_pair_twice_and_leaves_none_out()
    {
        await _compared.BeginAsync(plan => plan with { MinimumSlots = 30 });
        await _compared.UntilAsync(experiment => experiment.Standing.Results[0].Tally.Slots >= 5, "some slots");

        await _cluster.KillAsync((await _cluster.WhereIs(_compared.Experiment))!);
        var end = await _compared.UntilAsync(experiment => experiment.IsSettled, "the end");

        var first = Grid(end.Progress.StartedAt!.Value.AddSeconds(ComparedSite.SlotSeconds).AddTicks(-1));
        var slots = (end.Standing.MeasuredUntil!.Value - first).TotalSeconds / ComparedSite.SlotSeconds;
        Assert.Equal(ExperimentVerdict.NoDifference, end.Progress.Verdict);
        Assert.Equal((slots, slots * Site.Cameras.Length), (end.Standing.Results[0].Tally.Slots, end.Standing.Results[0].Tally.Pairs));
    }

    [Fact]
    public async Task Person_stops_it_and_A_has_its_cameras_back()
    {
        var by = Guid.NewGuid();
        await _compared.BeginAsync(plan => plan with { MinimumSlots = 1000 });
        await _compared.UntilAsync(experiment => experiment.Standing.Results[0].Tally.Pairs > 0, "some slots");

        var stopped = await _compared.Experiment.Stop("The crane moves.", by);

        Assert.Equal((ExperimentPhase.Stopped, ExperimentVerdict.None, by), (stopped.Progress.Phase, stopped.Progress.Verdict, stopped.Progress.StoppedBy));
        Assert.True(stopped.IsSettled);
        Assert.StartsWith("Nothing is said before 1000 slots", stopped.Standing.Sentence, StringComparison.Ordinal);
        var rollout = await Site.UntilAsync(each => each.IsSettled, "the way back");
        Assert.Equal((RolloutPhase.RolledBack, "The crane moves."), (rollout.Progress.Phase, rollout.Progress.Reason));
        Assert.Equal(by, rollout.Decisions.Single(decision => decision.Command == RolloutCommand.RollBack).By);
    }

    [Fact]
    public async Task Guard_that_fails_ends_it_without_a_verdict()
    {
        _compared.Find(0.06, errorsOfB: 40);
        await _compared.BeginAsync(plan => plan with
        {
            MinimumSlots = 1000,
            Analysis = [new() { Name = "broken", Measure = AnalysisMeasure.ErrorRate, IntervalSeconds = 20, FailureCondition = "result > 10" }],
        });

        var end = await _compared.UntilAsync(experiment => experiment.IsSettled, "the end");

        Assert.Equal((ExperimentPhase.Overtaken, ExperimentVerdict.None), (end.Progress.Phase, end.Progress.Verdict));
        Assert.StartsWith("The rollout went back without a verdict: Metric 'broken' failed", end.Progress.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Camera_that_joins_is_As_and_counts_in_nothing()
    {
        await _compared.BeginAsync(plan => plan with { MinimumSlots = 1000 });
        await _compared.UntilAsync(experiment => experiment.Standing.Results[0].Tally.Pairs > 0, "some slots");
        var before = (await Site.Rollout.Get())!;

        var camera = Rows.Camera(Site.Stable.SiteId);
        await _cluster.Grains.GetGrain<ICameraGrain>(camera.Id).Create(camera);
        await _compared.UntilAsync(experiment => experiment.Standing.Results[0].Tally.Slots > 5, "more slots");

        var after = (await Site.Rollout.Get())!;
        Assert.Equal(before.CandidateCameras, after.CandidateCameras);
        Assert.Equal(before.ShadowCameras, after.ShadowCameras);
        Assert.Equal(2, after.CandidateCameras.Length);
        Assert.Equal(after.CandidateCameras, after.ShadowCameras);
        Assert.DoesNotContain(camera.Id, after.CandidateCameras);
        await _compared.Experiment.Stop(null, null);
    }

    [Fact]
    public async Task What_a_person_froze_stays_whatever_the_verdict()
    {
        _compared.Find(0.06);
        await _compared.BeginAsync(plan => plan with { OnVerdict = ExperimentConsequence.PromoteWinner });
        await _compared.UntilAsync(experiment => experiment.Progress.Phase == ExperimentPhase.Running, "the split");
        await Site.Rollout.Tell(RolloutCommand.Freeze, "Not today.", Guid.NewGuid());

        var concluded = await _compared.UntilAsync(experiment => experiment.Progress.Phase == ExperimentPhase.Concluded, "the verdict");
        await _cluster.Passing(() => Task.FromResult(_cluster.Clock.GetUtcNow() > concluded.Progress.Since.AddSeconds(20)), "some time");

        Assert.False((await _compared.Experiment.Get())!.IsSettled);
        Assert.Equal((RolloutPhase.Progressing, RolloutHold.Frozen), ((await Site.Rollout.Get())!.Progress.Phase, (await Site.Rollout.Get())!.Progress.Hold));
        await Site.Rollout.Tell(RolloutCommand.Resume, "Now.", Guid.NewGuid());
        await _compared.UntilAsync(experiment => experiment.IsSettled, "the consequence");
        Assert.Equal(RolloutPhase.Succeeded, (await Site.UntilAsync(each => each.IsSettled, "the promotion")).Progress.Phase);
    }

    [Fact]
    public async Task Asking_again_changes_nothing_and_another_is_refused()
    {
        var wish = _compared.Wish();
        var begun = await _compared.Experiment.Begin(wish);

        Assert.Equal(begun.CreatedAt, (await _compared.Experiment.Begin(wish with { CreatedBy = null })).CreatedAt);
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(
            () => _compared.Experiment.Begin(wish with { Plan = wish.Plan with { Alpha = 0.1 } }));
        Assert.Equal((RefusalKind.Conflict, "id"), (refused.Kind, refused.Field));

        var second = Guid.NewGuid();
        var busy = await Assert.ThrowsAsync<FleetRefusedException>(
            () => _cluster.Grains.GetGrain<IExperimentGrain>(second).Begin(wish with { Id = second }));
        Assert.Equal((RefusalKind.Conflict, "deployment_id"), (busy.Kind, busy.Field));
        Assert.Null(await _cluster.Grains.GetGrain<IExperimentGrain>(second).Get());
    }

    [Fact]
    public async Task Silo_that_died_before_the_rollout_leaves_nothing_undone()
    {
        var row = ExperimentMachine.Start(_compared.Wish(), Site.Stable.SiteId, ControlCluster.Start);
        _cluster.Store.Overwrite(_compared.Experiment, StateNames.Experiment, row);

        await _compared.UntilAsync(experiment => experiment.Progress.Phase == ExperimentPhase.Running, "the split");

        Assert.Equal(50, (await Site.Rollout.Get())!.Progress.Weight);
        await _compared.Experiment.Stop(null, null);
    }

    private static DateTimeOffset Grid(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds() / ComparedSite.SlotSeconds * ComparedSite.SlotSeconds);
}
