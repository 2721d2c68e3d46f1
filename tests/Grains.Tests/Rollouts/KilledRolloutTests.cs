using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

/// <summary>A control silo that dies while it looks after a rollout, in whatever that was doing: the rollout ends as without it.</summary>
public sealed class KilledRolloutTests : IAsyncLifetime
{
    private static readonly AnalysisMetric Errors = new()
    {
        Name = "errors", Measure = AnalysisMeasure.ErrorRate, IntervalSeconds = 20, Count = 3, FailureCondition = "result > 5",
        OnNoData = NoDataPolicy.Error, ConsecutiveErrorLimit = 100,
    };

    private static readonly RolloutStep[] Steps =
    [
        new() { Kind = RolloutStepKind.Shadow, Weight = 50 },
        new() { Kind = RolloutStepKind.SetWeight, Weight = 50 },
        new() { Kind = RolloutStepKind.Pause, DurationSeconds = 30 },
        new() { Kind = RolloutStepKind.Analysis, Metrics = [Errors] },
    ];

    private static readonly string[] Waiting = ["pending", "shadow", "set_weight"];

    private ControlCluster _cluster = null!;
    private RolledOutSite _site = null!;

    /// <summary>When the silo dies.</summary>
    public static TheoryData<string> Moments =>
        ["pending", "shadow", "set_weight", "pause", "analysis", "between measurements", "promoting", "warm", "succeeded", "rolling_back", "rolled_back"];

    public async Task InitializeAsync()
    {
        _cluster = await ControlCluster.StartAsync(control: 2, workers: 1);
        _site = await RolledOutSite.CreateAsync(_cluster);
        _cluster.Trials.Samples[_site.RolloutId] = slot => TrialRows.Sample(
            _site.RolloutId, _site.RolloutId, _site.Cameras[0], slot, new() { WatchedSeconds = 5, FramesInferred = 100 });
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task It_ends_the_same_whenever_its_silo_dies(string moment)
    {
        var goesBack = moment is "rolling_back" or "rolled_back";
        await BringToAsync(moment, goesBack);

        // Nothing moves but with the clock, which stands still from here to the silo's death.
        var before = await _site.UntilAsync(rollout => Is(moment, rollout), moment);
        var supervisor = _cluster.Grains.GetGrain<ICameraSupervisorGrain>(0);
        await _cluster.KillAsync(await _cluster.WhereIs(_site.Rollout) ?? (await _cluster.WhereIs(supervisor))!);
        _cluster.Streams.Unloaded.Clear();
        var end = await _site.UntilAsync(rollout => rollout.IsSettled, "the end");

        Assert.Equal(before.Decisions.Select(At), end.Decisions.Take(before.Decisions.Length).Select(At));
        Assert.Equal(goesBack ? Back : Forth, end.Decisions.Select(decision => (decision.Progress.Phase, decision.Progress.Step)));
        Assert.Equal(DeploymentStatus.Terminated, await _site.StatusOfAsync(goesBack ? _site.RolloutId : _site.Stable.Id));
        var left = goesBack ? _site.Stable.Id : _site.RolloutId;
        Assert.Equal(DeploymentStatus.Active, await _site.StatusOfAsync(left));
        Assert.All(_site.Served(), camera => Assert.Equal((left, 1), camera));
        if (!goesBack)
        {
            var measured = end.StepRun!.Results[0].Measurements;
            Assert.Equal(3, measured.Length);
            Assert.All(
                measured.Zip(measured.Skip(1)), pair => Assert.True(pair.First.Started.AddSeconds(20) <= pair.Second.Started, $"{pair}"));
        }
    }

    // What waits for cameras is over in a moment: a model that is loaded nowhere keeps it where the silo is to die.
    private async Task BringToAsync(string moment, bool goesBack)
    {
        if (Waiting.Contains(moment))
        {
            _cluster.Streams.Unloaded[_site.RolloutId] = true;
        }

        await _site.BeginAsync(rollout => rollout with { Steps = Steps, KeepsWarmSeconds = 30 });
        for (var step = 0; step < Array.IndexOf(Waiting, moment); step++)
        {
            await _site.Rollout.Tell(RolloutCommand.Skip, null, Guid.NewGuid());
        }

        if (goesBack)
        {
            await _site.UntilAsync(rollout => rollout.Progress.Step == 2, "the pause");
            if (moment == "rolling_back")
            {
                _cluster.Streams.Unloaded[_site.Stable.Id] = true;
            }

            await _site.Rollout.Tell(RolloutCommand.RollBack, "Too many false alarms.", Guid.NewGuid());
        }
    }

    private static (RolloutPhase Phase, int Step)[] Forth =>
    [
        (RolloutPhase.Pending, 0), (RolloutPhase.Progressing, 0), (RolloutPhase.Progressing, 1), (RolloutPhase.Progressing, 2),
        (RolloutPhase.Progressing, 3), (RolloutPhase.Promoting, 3), (RolloutPhase.Succeeded, 3),
    ];

    private static (RolloutPhase Phase, int Step)[] Back =>
    [
        (RolloutPhase.Pending, 0), (RolloutPhase.Progressing, 0), (RolloutPhase.Progressing, 1), (RolloutPhase.Progressing, 2),
        (RolloutPhase.RollingBack, 2), (RolloutPhase.RolledBack, 2),
    ];

    private bool Is(string moment, Rollout rollout) => (moment, rollout.Progress) switch
    {
        ("pending", { Phase: RolloutPhase.Pending }) => true,
        ("shadow", { Phase: RolloutPhase.Progressing, Step: 0 }) => true,
        ("set_weight", { Phase: RolloutPhase.Progressing, Step: 1 }) => true,
        ("pause", { Phase: RolloutPhase.Progressing, Step: 2 }) => true,
        ("analysis", { Phase: RolloutPhase.Progressing, Step: 3 }) => true,
        ("between measurements", { Phase: RolloutPhase.Progressing, Step: 3 }) => rollout.StepRun!.Results[0].Count == 2,
        ("promoting", { Phase: RolloutPhase.Promoting }) => true,
        ("warm", { Phase: RolloutPhase.Promoting } progress) => _cluster.Clock.GetUtcNow() >= progress.Since.AddSeconds(15),
        ("succeeded", { Phase: RolloutPhase.Succeeded }) => true,
        ("rolling_back", { Phase: RolloutPhase.RollingBack }) => true,
        ("rolled_back", { Phase: RolloutPhase.RolledBack }) => true,
        _ => false,
    };

    private static (DateTimeOffset At, RolloutPhase Phase, int Step) At(RolloutDecision decision) =>
        (decision.At, decision.Progress.Phase, decision.Progress.Step);
}
