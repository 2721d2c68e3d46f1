using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

public sealed class RolloutAnalysisTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 3, TimeSpan.Zero);

    private static readonly Deployment Silent = new() { MonitoringEnabled = false };

    private static readonly AnalysisMetric Errors = new()
    {
        Name = "errors", Measure = AnalysisMeasure.ErrorRate, IntervalSeconds = 20, FailureCondition = "result > 5", OnNoData = NoDataPolicy.Pass,
    };

    private static readonly Rollout Row = new()
    {
        Id = Guid.NewGuid(), StableDeploymentId = Guid.NewGuid(), SlotSeconds = 5, Steps = [Step(Errors with { Count = 2 })],
        Progress = new() { Phase = RolloutPhase.Progressing, Since = Start, Weight = 50 }, CandidateCameras = [Guid.NewGuid()],
    };

    [Fact]
    public void Analysis_of_a_step_begins_with_it_and_leads_on()
    {
        var row = RolloutAnalysis.Prepare(Row, Silent, Start);
        Assert.Equal(AnalysisPhase.Pending, row.StepRun!.Phase);
        Assert.Equal(RolloutAdvice.Wait, RolloutAnalysis.OfStep(row, Silent).Advice);

        row = Measured(row, Start.AddSeconds(23), errors: 0);
        row = Measured(row, Start.AddSeconds(43), errors: 0);

        Assert.Equal(RolloutAdvice.Advance, RolloutAnalysis.OfStep(row, Silent).Advice);
        Assert.Null(RolloutAnalysis.NeedsFrom(row, Start.AddHours(1)));
    }

    [Fact]
    public void What_fails_rolls_back_with_its_measurement_as_the_reason()
    {
        var row = Measured(RolloutAnalysis.Prepare(Row, Silent, Start), Start.AddSeconds(23), errors: 10);

        var verdict = RolloutAnalysis.OfStep(row, Silent);

        Assert.Equal(RolloutAdvice.RollBack, verdict.Advice);
        Assert.Equal("Metric 'errors' failed (1) > failureLimit (0): error rate 10 %.", verdict.Why);
        Assert.Same(row.StepRun, RolloutAnalysis.Behind(row, Silent, new() { Reason = verdict.Why }));
        Assert.Null(RolloutAnalysis.Behind(row, Silent, new() { Reason = "Somebody said so." }));
    }

    [Fact]
    public void Where_nothing_is_rolled_back_by_itself_a_person_has_to_decide()
    {
        var careful = Silent with { RollbackEnabled = false };
        var row = Measured(RolloutAnalysis.Prepare(Row, careful, Start), Start.AddSeconds(23), errors: 10);

        var verdict = RolloutAnalysis.OfStep(row, careful);

        Assert.Equal(RolloutAdvice.Hold, verdict.Advice);
        Assert.Contains("rollback_enabled", verdict.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_begins_anew_is_measured_anew()
    {
        var failed = Measured(RolloutAnalysis.Prepare(Row, Silent, Start), Start.AddSeconds(23), errors: 10);
        var later = Start.AddMinutes(5);
        var again = RolloutAnalysis.Prepare(failed with { Progress = failed.Progress with { Since = later } }, Silent, later);

        Assert.Equal((AnalysisPhase.Pending, later), (again.StepRun!.Phase, again.StepRun.Started));
    }

    [Fact]
    public void A_step_that_is_left_ends_its_analysis()
    {
        var row = RolloutAnalysis.Prepare(Row, Silent, Start);
        var left = row with { Progress = row.Progress with { Step = 1, Since = Start.AddMinutes(1) } };

        Assert.Equal("the rollout moved on: no metric ended badly", RolloutAnalysis.Prepare(left, Silent, Start.AddMinutes(1)).StepRun!.Message);
    }

    [Fact]
    public void No_frame_counts_twice_and_none_from_before()
    {
        var row = RolloutAnalysis.Prepare(Row with { Steps = [Step(Errors with { Count = 9 })] }, Silent, Start);

        // The first whole slot after the beginning, once an interval of slots is there; then from where the last measurement ended.
        Assert.Equal(Start.AddSeconds(2), RolloutAnalysis.Until(row, Start.AddSeconds(7.7)));
        Assert.Equal(Start.AddSeconds(7), RolloutAnalysis.Until(row, Start.AddSeconds(7.8)));
        Assert.Null(RolloutAnalysis.NeedsFrom(row, Start.AddSeconds(22.7)));
        Assert.Equal(Start.AddSeconds(2), RolloutAnalysis.NeedsFrom(row, Start.AddSeconds(22.8)));
        row = Measured(row, Start.AddSeconds(23), errors: 0);
        Assert.Null(RolloutAnalysis.NeedsFrom(row, Start.AddSeconds(42)));
        Assert.Equal(Start.AddSeconds(22), RolloutAnalysis.NeedsFrom(row, Start.AddSeconds(43)));
    }

    [Fact]
    public void Beside_all_steps_it_is_measured_from_the_first_camera_to_the_end()
    {
        var row = Row with { Steps = [], Analysis = [Errors], CandidateCameras = [] };
        Assert.Null(RolloutAnalysis.Prepare(row, Silent, Start).BackgroundRun);

        row = RolloutAnalysis.Prepare(row with { CandidateCameras = [Guid.NewGuid()] }, Silent, Start);
        var begun = row.BackgroundRun;
        Assert.NotNull(begun);
        row = RolloutAnalysis.Prepare(row with { Progress = row.Progress with { Phase = RolloutPhase.Promoting, Weight = 100, Since = Start.AddHours(1) } }, Silent, Start.AddHours(1));
        Assert.Same(begun, row.BackgroundRun);
        Assert.Equal(RolloutAdvice.RollBack, RolloutAnalysis.OfBackground(Measured(row, Start.AddHours(1), errors: 50), Silent).Advice);

        var over = RolloutAnalysis.Prepare(row with { Progress = row.Progress with { Phase = RolloutPhase.Succeeded } }, Silent, Start.AddHours(2));
        Assert.NotNull(over.BackgroundRun!.Finished);
    }

    [Fact]
    public void What_nobody_could_tell_is_measured_again_once_somebody_has_it_go_on()
    {
        var metric = Errors with { OnNoData = NoDataPolicy.Inconclusive };
        var row = RolloutAnalysis.Prepare(Row with { Steps = [], Analysis = [metric] }, Silent, Start);
        row = RolloutAnalysis.Measure(row, [], [], Start.AddSeconds(23));
        Assert.Equal(RolloutAdvice.Hold, RolloutAnalysis.OfBackground(row, Silent).Advice);

        var held = row with { Progress = row.Progress with { Hold = RolloutHold.Inconclusive } };
        Assert.Same(row.BackgroundRun, RolloutAnalysis.Prepare(held, Silent, Start.AddSeconds(24)).BackgroundRun);
        var resumed = row with { Progress = row.Progress with { Since = Start.AddMinutes(3) } };
        Assert.Equal(AnalysisPhase.Pending, RolloutAnalysis.Prepare(resumed, Silent, Start.AddMinutes(3)).BackgroundRun!.Phase);
    }

    [Fact]
    public void Nothing_is_measured_while_it_is_frozen()
    {
        var row = RolloutAnalysis.Prepare(Row, Silent, Start);
        var frozen = row with { Progress = row.Progress with { Hold = RolloutHold.Frozen } };

        Assert.Null(RolloutAnalysis.NeedsFrom(frozen, Start.AddSeconds(23)));
        Assert.Same(row.StepRun, Measured(frozen, Start.AddSeconds(23), errors: 100).StepRun);
    }

    [Fact]
    public void Thresholds_of_the_stable_deployment_are_metrics()
    {
        var stable = new Deployment
        {
            ErrorRateAlertThreshold = 2.5m, PerformanceAlertThreshold = 15m, RollbackTriggerConditions = JsonText.From(new[] { Errors with { Name = "own" } }),
        };

        var metrics = RolloutAnalysis.Background(Row, stable);

        Assert.Equal(["error_rate_alert_threshold", "performance_alert_threshold", "own"], metrics.Select(metric => metric.Name));
        Assert.Equal(["result > 2.5", "lower > baseline * 15 / 100", "result > 5"], metrics.Select(metric => metric.FailureCondition));
        Assert.Null(AnalysisCheck.Judge("metrics", [.. metrics]));
        Assert.Empty(RolloutAnalysis.Background(Row, stable with { MonitoringEnabled = false }));
        Assert.Equal(["own"], RolloutAnalysis.Background(Row, stable with { AlertOnErrors = false, AlertOnPerformanceDegradation = false }).Select(metric => metric.Name));

        // A rollout that says it otherwise is heard.
        var own = Row with { Analysis = [Errors with { Name = "ERROR_RATE_ALERT_THRESHOLD" }] };
        Assert.Equal(["ERROR_RATE_ALERT_THRESHOLD", "performance_alert_threshold", "own"], RolloutAnalysis.Background(own, stable).Select(metric => metric.Name));
    }

    [Fact]
    public void Where_nothing_is_asked_nothing_is_measured()
    {
        var row = Row with { Steps = [new() { Kind = RolloutStepKind.SetWeight, Weight = 10 }] };

        Assert.Equal(0, RolloutAnalysis.SlotSeconds(row, Silent));
        Assert.Null(RolloutAnalysis.NeedsFrom(RolloutAnalysis.Prepare(row, Silent, Start), Start.AddHours(1)));
        Assert.Equal(6, RolloutAnalysis.SlotSeconds(row, new()));
    }

    [Theory]
    [InlineData(AnalysisMeasure.ErrorRate, AnalysisComparison.Absolute, false)]
    [InlineData(AnalysisMeasure.ErrorRate, AnalysisComparison.Difference, true)]
    [InlineData(AnalysisMeasure.BaselineAgreement, AnalysisComparison.Absolute, true)]
    public void Both_look_where_they_are_compared(AnalysisMeasure measure, AnalysisComparison compare, bool isShadowed)
    {
        RolloutCamera[] cameras = [.. Enumerable.Range(0, 40).Select(_ => new RolloutCamera(Guid.NewGuid(), ""))];
        var row = Row with { Steps = [Step(Errors with { Measure = measure, Compare = compare })], CandidateCameras = [] };

        var shared = RolloutCameras.Share(RolloutAnalysis.Prepare(row, Silent, Start), cameras);

        Assert.Equal(20, shared.CandidateCameras.Length);
        Assert.Equal(isShadowed ? RolloutAnalysis.PairedCameras : 0, shared.ShadowCameras.Length);
        Assert.Subset(shared.CandidateCameras.ToHashSet(), shared.ShadowCameras.ToHashSet());
    }

    [Fact]
    public void Shadow_is_a_share_of_all_cameras_whoever_has_them()
    {
        RolloutCamera[] cameras = [.. Enumerable.Range(0, 10).Select(_ => new RolloutCamera(Guid.NewGuid(), ""))];
        var row = Row with { Progress = new() { Phase = RolloutPhase.Progressing, Weight = 20, Shadow = 50, Since = Start }, CandidateCameras = [] };

        var shared = RolloutCameras.Share(row, cameras);

        Assert.Equal((2, 5), (shared.CandidateCameras.Length, shared.ShadowCameras.Length));
        Assert.Subset(shared.ShadowCameras.ToHashSet(), shared.CandidateCameras.ToHashSet());
    }

    [Theory]
    [InlineData(RolloutPhase.Pending, 0, false)]
    [InlineData(RolloutPhase.Progressing, 0, false)]
    [InlineData(RolloutPhase.Progressing, 60, true)]
    [InlineData(RolloutPhase.Promoting, 60, false)]
    public void Whoever_else_compares_has_both_look_while_cameras_are_shared(RolloutPhase phase, int compared, bool compares)
    {
        var row = Row with { Steps = [], CompareSlotSeconds = compared, Progress = Row.Progress with { Phase = phase } };

        Assert.Equal(compares, RolloutAnalysis.Compares(row));
    }

    private static Rollout Measured(Rollout row, DateTimeOffset now, int errors)
    {
        var until = RolloutAnalysis.Until(row, now);
        var sample = TrialRows.Sample(
            row.Id, row.Id, row.CandidateCameras[0], until.AddSeconds(-row.SlotSeconds), new() { FramesInferred = 100 - errors, Errors = errors });
        return RolloutAnalysis.Measure(row, [sample], [], now);
    }

    private static RolloutStep Step(AnalysisMetric metric) => new() { Kind = RolloutStepKind.Analysis, Metrics = [metric] };
}
