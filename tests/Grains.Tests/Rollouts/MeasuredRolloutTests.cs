using OrleansAiFleet.Deployments;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

/// <summary>Rollouts that what is measured decides.</summary>
public sealed class MeasuredRolloutTests : IAsyncLifetime
{
    private static readonly AnalysisMetric Errors = new()
    {
        Name = "errors", Measure = AnalysisMeasure.ErrorRate, IntervalSeconds = 20, Count = 3, FailureCondition = "result > 5",
        OnNoData = NoDataPolicy.Error, ConsecutiveErrorLimit = 100,
    };

    private ControlCluster _cluster = null!;
    private RolledOutSite _site = null!;

    public async Task InitializeAsync()
    {
        _cluster = await ControlCluster.StartAsync(control: 2, workers: 1);
        _site = await RolledOutSite.CreateAsync(_cluster);
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task What_does_well_takes_over()
    {
        Measure(errors: 0);
        await _site.BeginAsync(Weight(50), Analysis(Errors));

        var end = await _site.UntilAsync(rollout => rollout.IsSettled, "the end");

        Assert.Equal(RolloutPhase.Succeeded, end.Progress.Phase);
        Assert.Equal((AnalysisPhase.Successful, 3), (end.StepRun!.Phase, end.StepRun.Results[0].Count));
        var promotion = end.Decisions.Single(decision => decision.Progress.Phase == RolloutPhase.Promoting);
        Assert.Equal(3, promotion.Analysis!.Results[0].Measurements.Length);
        Assert.Equal("The analysis was successful: error rate 0 %.", end.Progress.Reason);
        Assert.NotNull(end.BackgroundRun!.Finished);
    }

    [Fact]
    public async Task What_does_badly_goes_back_and_says_why()
    {
        Measure(errors: 30);
        await _site.BeginAsync(Weight(50), Analysis(Errors with { FailureLimit = 1 }));

        var end = await _site.UntilAsync(rollout => rollout.IsSettled, "the end");

        Assert.Equal(RolloutPhase.RolledBack, end.Progress.Phase);
        Assert.Equal("Metric 'errors' failed (2) > failureLimit (1): error rate 30 %.", end.Progress.Reason);
        var back = end.Decisions.Single(decision => decision.Progress.Phase == RolloutPhase.RollingBack);
        Assert.Equal([30.0, 30.0], back.Analysis!.Results[0].Measurements.Select(measurement => measurement.Value!.Value));
        Assert.Equal(DeploymentStatus.Active, await _site.StatusOfAsync(_site.Stable.Id));
        Assert.Equal(DeploymentStatus.Terminated, await _site.StatusOfAsync(_site.RolloutId));
    }

    [Fact]
    public async Task Deployments_own_threshold_rolls_back_in_the_middle_of_a_pause()
    {
        Measure(errors: 40);
        await _site.BeginAsync(Weight(25), new RolloutStep { Kind = RolloutStepKind.Pause });

        var end = await _site.UntilAsync(rollout => rollout.IsSettled, "the end");

        Assert.Equal(RolloutPhase.RolledBack, end.Progress.Phase);
        Assert.StartsWith("Metric 'error_rate_alert_threshold' failed (2)", end.Progress.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_that_dies_between_measurements_measures_none_twice()
    {
        Measure(errors: 0);
        await _site.BeginAsync(Weight(50), Analysis(Errors with { Count = 4 }));
        await _site.UntilAsync(rollout => rollout.StepRun?.Results[0].Count == 2, "the second measurement");

        await _cluster.KillAsync((await _cluster.WhereIs(_site.Rollout))!);
        var end = await _site.UntilAsync(rollout => rollout.IsSettled, "the end");

        var measured = end.StepRun!.Results[0].Measurements;
        Assert.Equal((RolloutPhase.Succeeded, 4), (end.Progress.Phase, measured.Length));
        Assert.All(measured.Zip(measured.Skip(1)), pair => Assert.True(pair.First.Finished <= pair.Second.Started.AddSeconds(6), $"{pair}"));
    }

    [Fact]
    public async Task Without_data_it_is_held_until_somebody_decides()
    {
        await _site.BeginAsync(Weight(50), Analysis(Errors with { OnNoData = NoDataPolicy.Inconclusive }));

        var held = await _site.UntilAsync(rollout => rollout.Progress.Hold == RolloutHold.Inconclusive, "the hold");
        Assert.StartsWith("Metric 'errors' inconclusive (1) > inconclusiveLimit (0): no data for error rate", held.Progress.Reason, StringComparison.Ordinal);

        Measure(errors: 0);
        await _site.Rollout.Tell(RolloutCommand.Resume, "The cameras are back.", Guid.NewGuid());
        Assert.Equal(RolloutPhase.Succeeded, (await _site.UntilAsync(rollout => rollout.IsSettled, "the end")).Progress.Phase);
    }

    [Fact]
    public async Task Too_many_marks_of_people_roll_it_back()
    {
        Measure(errors: 0);
        await _site.BeginAsync(Weight(50), Analysis(new()
        {
            Name = "false alarms", Measure = AnalysisMeasure.FalsePositiveMarks, IntervalSeconds = 20, FailureCondition = "result > 30",
            OnNoData = NoDataPolicy.Pass, MinSamples = new() { Detections = 4 },
        }));
        var began = await _site.UntilAsync(rollout => rollout.StepRun?.Results[0].Count == 1, "the first measurement");
        Assert.Contains("0 of at least 4 detections", began.StepRun!.Results[0].Measurements[0].Message, StringComparison.Ordinal);

        // Said later than the slot in which it was seen was measured.
        _cluster.Trials.Marks[_site.RolloutId] =
        [
            .. Enumerable.Range(0, 4).Select(i => new TrialMark(
                _site.RolloutId, _site.Cameras[0], began.StepRun.Started, began.StepRun.Results[0].NextDue!.Value.AddSeconds(-6),
                i < 2 ? DetectionVerdict.FalsePositive : DetectionVerdict.Correct)),
        ];
        var end = await _site.UntilAsync(rollout => rollout.IsSettled, "the end");

        Assert.Equal(
            (RolloutPhase.RolledBack, "Metric 'false alarms' failed (1) > failureLimit (0): false-positive marks 50 %."),
            (end.Progress.Phase, end.Progress.Reason));
    }

    // Every slot that is asked for has a hundred frames of the candidate.
    private void Measure(int errors) => _cluster.Trials.Samples[_site.RolloutId] = slot => TrialRows.Sample(
        _site.RolloutId, _site.RolloutId, _site.Cameras[0], slot, new() { WatchedSeconds = 5, FramesInferred = 100 - errors, Errors = errors });

    private static RolloutStep Weight(int weight) => new() { Kind = RolloutStepKind.SetWeight, Weight = weight };

    private static RolloutStep Analysis(AnalysisMetric metric) => new() { Kind = RolloutStepKind.Analysis, Metrics = [metric] };
}
