using System.Diagnostics;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.System.Tests.Fleet;

namespace OrleansAiFleet.System.Tests.Rollouts;

/// <summary>Versions that go out over real cameras, and a control silo that dies in the middle of it.</summary>
[Collection(WholeFleet.Name)]
public sealed class CanaryTests
{
    private static readonly object[] Metrics =
    [
        new { name = "agreement", measure = "baseline_agreement", interval_seconds = 5, count = 2, failure_limit = 1, failure_condition = "result < 65" },
        new { name = "errors", measure = "error_rate", interval_seconds = 5, count = 2, failure_condition = "result > 5" },
    ];

    private static readonly object[] Steps =
    [
        new { kind = "set_weight", weight = 50 }, new { kind = "analysis", metrics = Metrics },
    ];

    [Fact]
    public async Task Worse_version_is_caught_on_live_frames_and_a_good_one_is_promoted_whatever_becomes_of_the_control_silo()
    {
        await using var fleet = await FleetUnderTest.StartAsync(workers: 1, "--no-samples");
        var site = await SampleSite.CreateAsync(fleet, cameras: 2);

        var worse = await BeginAsync(fleet, site.Deployment, "site-safety-damaged.onnx");
        await RunningRollouts.UntilAsync(fleet, worse, "it is measured", rollout => rollout.StepRun is not null);
        await KillSiloAsync(fleet);
        var caught = await RunningRollouts.UntilAsync(fleet, worse, "the worse version is gone", rollout => rollout.IsSettled);
        Assert.Equal(RolloutPhase.RolledBack, caught.Progress.Phase);
        Assert.StartsWith("Metric 'agreement' failed (2) > failureLimit (1): agreement with the baseline", caught.Progress.Reason, StringComparison.Ordinal);
        await ServedByAsync(fleet, site, site.Deployment);

        var good = await BeginAsync(fleet, site.Deployment, "site-safety-rounded.onnx");
        await RunningRollouts.UntilAsync(fleet, good, "it takes over", rollout => rollout.Progress.Phase == RolloutPhase.Promoting);
        await KillSiloAsync(fleet);
        var promoted = await RunningRollouts.UntilAsync(fleet, good, "the good version has taken over", rollout => rollout.IsSettled);
        Assert.Equal(RolloutPhase.Succeeded, promoted.Progress.Phase);
        Assert.Equal(2, promoted.StepRun!.Results[0].Measurements.Length);
        await ServedByAsync(fleet, site, good);

        // What looked along unseen is kept apart from what counts.
        await using var command = fleet.Database.CreateCommand(
            """
            SELECT (SELECT count(*) FROM shadow_detections WHERE rollout_id = ANY($1)),
                   (SELECT count(*) FROM shadow_detections JOIN detections USING (id)),
                   (SELECT count(*) FROM detections WHERE deployment_id = $2)
            """);
        command.Parameters.Add(new() { Value = new[] { worse, good } });
        command.Parameters.Add(new() { Value = good });
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        Assert.Equal((true, 0L, true), (row.GetInt64(0) > 0, row.GetInt64(1), row.GetInt64(2) > 0));
    }

    private static Task<Guid> BeginAsync(FleetUnderTest fleet, Guid deployment, string file) =>
        RunningRollouts.BeginAsync(fleet, deployment, file, Steps, keepsWarmSeconds: 5, progressDeadlineSeconds: 60);

    private static async Task KillSiloAsync(FleetUnderTest fleet)
    {
        using var silo = Process.GetProcessById(await fleet.ProcessIdOfAsync("silo"));
        silo.Kill();
        await silo.WaitForExitAsync();
    }

    private static Task ServedByAsync(FleetUnderTest fleet, SampleSite site, Guid deployment) => fleet.WaitUntilAsync(
        "its cameras are served by one deployment again",
        TimeSpan.FromSeconds(30),
        async () => await site.StatusesAsync() is { Count: 2 } statuses && statuses.All(camera => camera.State == StreamState.Running
            && camera.Live.SequenceEqual([deployment]) && camera.Ready.SequenceEqual([deployment])));
}
