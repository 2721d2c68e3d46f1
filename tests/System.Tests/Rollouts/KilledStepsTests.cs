using System.Diagnostics;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.System.Tests.Fleet;

namespace OrleansAiFleet.System.Tests.Rollouts;

/// <summary>
/// A control silo that is killed again and again while it takes a version over real cameras. Whatever it was doing in each step and phase, with
/// the clock standing still, is in <c>KilledRolloutTests</c> of the grains.
/// </summary>
[Collection(WholeFleet.Name)]
public sealed class KilledStepsTests
{
    private static readonly object[] Steps =
    [
        new { kind = "shadow", weight = 50 },
        new { kind = "set_weight", weight = 50 },
        new { kind = "pause" },
    ];

    [Fact]
    public async Task Rollouts_end_the_same_however_often_the_control_silo_is_killed()
    {
        await using var fleet = await FleetUnderTest.StartAsync(workers: 1, "--no-samples");
        var site = await SampleSite.CreateAsync(fleet, cameras: 2);
        var silo = await fleet.ProcessIdOfAsync("silo");

        // Of the first nothing is loaded yet when its silo dies; of the second it dies while the old version is kept warm.
        var back = await BeginAsync(fleet, site.Deployment);
        silo = await KillAsync(fleet, silo);
        await RunningRollouts.UntilAsync(fleet, back, "it waits for a person", rollout => rollout.Progress.Hold == RolloutHold.AwaitsPerson);
        await TellAsync(fleet, back, "roll-back");
        silo = await KillAsync(fleet, silo);
        var returned = await RunningRollouts.UntilAsync(fleet, back, "it is back", rollout => rollout.IsSettled);
        await ServedByAsync(fleet, site, site.Deployment);
        Assert.Equal(
            [(RolloutPhase.Pending, 0), (RolloutPhase.Progressing, 0), (RolloutPhase.Progressing, 1), (RolloutPhase.Progressing, 2),
                (RolloutPhase.Progressing, 2), (RolloutPhase.RollingBack, 2), (RolloutPhase.RolledBack, 2)],
            Way(returned));

        var forth = await BeginAsync(fleet, site.Deployment);
        await RunningRollouts.UntilAsync(fleet, forth, "it waits for a person", rollout => rollout.Progress.Hold == RolloutHold.AwaitsPerson);
        silo = await KillAsync(fleet, silo);
        await TellAsync(fleet, forth, "resume");
        await ServedByAsync(fleet, site, forth, standby: site.Deployment);
        await KillAsync(fleet, silo);
        var promoted = await RunningRollouts.UntilAsync(fleet, forth, "it has taken over", rollout => rollout.IsSettled);
        await ServedByAsync(fleet, site, forth);
        Assert.Equal(
            [(RolloutPhase.Pending, 0), (RolloutPhase.Progressing, 0), (RolloutPhase.Progressing, 1), (RolloutPhase.Progressing, 2),
                (RolloutPhase.Progressing, 2), (RolloutPhase.Promoting, 2), (RolloutPhase.Succeeded, 2)],
            Way(promoted));
        Assert.Equal(1, await CountActiveAsync(fleet));
    }

    private static (RolloutPhase Phase, int Step)[] Way(Rollout rollout) =>
        [.. rollout.Decisions.Select(decision => (decision.Progress.Phase, decision.Progress.Step))];

    private static Task<Guid> BeginAsync(FleetUnderTest fleet, Guid deployment) =>
        RunningRollouts.BeginAsync(fleet, deployment, "site-safety-rounded.onnx", Steps, keepsWarmSeconds: 15, progressDeadlineSeconds: 120);

    private static async Task TellAsync(FleetUnderTest fleet, Guid id, string command)
    {
        using var answer = await fleet.Api.PostAsync($"api/admin/rollouts/{id}/{command}", SampleSite.Json(new { reason = "Tried." }));
        answer.EnsureSuccessStatusCode();
    }

    // Known beforehand: to ask for it takes longer than some phases last.
    private static async Task<int> KillAsync(FleetUnderTest fleet, int silo)
    {
        using var process = Process.GetProcessById(silo);
        process.Kill();
        await process.WaitForExitAsync();
        var next = silo;
        await fleet.WaitUntilAsync(
            "the control silo is up again",
            TimeSpan.FromSeconds(90),
            async () => (next = await fleet.ProcessIdOfAsync("silo")) != silo && await fleet.ReadHealthAsync() is { Cameras.Length: > 0 });
        return next;
    }

    private static Task ServedByAsync(FleetUnderTest fleet, SampleSite site, Guid deployment, Guid? standby = null) => fleet.WaitUntilAsync(
        "its cameras are served by one deployment",
        TimeSpan.FromSeconds(60),
        async () => await site.StatusesAsync() is { Count: 2 } statuses && statuses.All(camera => camera.State == StreamState.Running
            && camera.Live.SequenceEqual([deployment])
            && camera.Ready.Order().SequenceEqual(new[] { deployment, standby ?? deployment }.Distinct().Order())));

    private static async Task<long> CountActiveAsync(FleetUnderTest fleet)
    {
        await using var command = fleet.Database.CreateCommand("SELECT count(*) FROM model_deployments WHERE deployment_status = 'active'");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
