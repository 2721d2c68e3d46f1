using OrleansAiFleet.Deployments;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.FleetCli.Samples;

/// <summary>Brings a version out over the sample site's cameras and says in words what becomes of it.</summary>
internal sealed class CanaryDemo(FleetApi api, FleetSettings settings, CanaryTrial trial, Action<string> tell)
{
    private const int Cameras = 4;
    private const string Name = "Canary demo";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the rollout is over.</summary>
    /// <returns>Whether it ended as the trial says.</returns>
    /// <exception cref="FleetCliException">The fleet refused something, or it did not end in time.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var samples = new SampleFleet(api, settings);
        await samples.RegisterVersionAsync(trial.ModelId, trial.Version, trial.File, cancellationToken);
        Guid[] cameras = [.. Enumerable.Range(1, Cameras).Select(number => new Guid($"5a3b1e00-0000-4000-8000-0000000001{number:00}"))];
        for (var i = 0; i < cameras.Length; i++)
        {
            await samples.RegisterCameraAsync(cameras[i], $"Demo camera {i + 1}", cancellationToken);
        }

        var stable = await DeployAsync(cameras, cancellationToken);
        try
        {
            var rollout = await FollowAsync(await BeginAsync(stable, cancellationToken), cancellationToken);
            tell($"{Words(rollout.Progress.Phase)}: {rollout.Progress.Reason}");
            return rollout.Progress.Phase == trial.Ends;
        }
        finally
        {
            await EndAsync(cancellationToken);
        }
    }

    private async Task<Guid> DeployAsync(Guid[] cameras, CancellationToken cancellationToken)
    {
        await EndAsync(cancellationToken);
        var id = Guid.CreateVersion7();
        using var body = SampleFleet.Json(new
        {
            id,
            model_id = SampleFleet.ModelId,
            site_id = SampleFleet.SiteId,
            deployment_name = Name,
            deployment_type = "testing",
            confidence_threshold = 0.5,
            batch_size = 8,
            processing_interval_seconds = 0,
            input_sources = cameras,
        });
        await api.PostAsync("api/admin/deployments", body, cancellationToken);
        tell($"version 1.0.0 looks at {cameras.Length} cameras of the sample site");
        return id;
    }

    private async Task<Guid> BeginAsync(Guid stable, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        using var body = SampleFleet.Json(new
        {
            id, model_id = trial.ModelId, steps = CanaryTrial.Steps, keeps_warm_seconds = 5, progress_deadline_seconds = 60,
        });
        await api.PostAsync($"api/admin/deployments/{stable}/rollouts", body, cancellationToken);
        tell($"version {trial.Version} goes out, a quarter of the cameras first");
        return id;
    }

    private async Task<Rollout> FollowAsync(Guid id, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Limit);
        var told = 0;
        try
        {
            while (true)
            {
                if (await TryReadAsync(id, patience.Token) is not { } rollout)
                {
                    await Task.Delay(LookEvery, patience.Token);
                    continue;
                }

                foreach (var decision in rollout.Decisions.Skip(told))
                {
                    var progress = decision.Progress;
                    tell($"{decision.At:HH:mm:ss}  {progress.Weight,3} %  {Words(progress.Phase)}: {progress.Reason}");
                }

                told = rollout.Decisions.Length;
                if (rollout.IsSettled)
                {
                    return rollout;
                }

                await Task.Delay(LookEvery, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FleetCliException($"the rollout is not over after {Limit.TotalMinutes:0} minutes; GET api/admin/rollouts/{id} says how far it is");
        }
    }

    // A control silo that is away for a moment loses no rollout.
    private async Task<Rollout?> TryReadAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await api.ReadAsync<Rollout>($"api/admin/rollouts/{id}", cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException || failure is FleetCliException refused && FleetApi.IsPassing(refused))
        {
            tell("the control silo does not answer");
            return null;
        }
    }

    // Also what a demo that was broken off left behind.
    private async Task EndAsync(CancellationToken cancellationToken)
    {
        var page = await api.ReadAsync<Deployments>($"api/admin/deployments?site_id={SampleFleet.SiteId}&status=active", cancellationToken);
        foreach (var deployment in page.Items.Where(deployment => deployment.DeploymentName == Name))
        {
            await RollBackAsync(deployment.Id, cancellationToken);
            await api.DeleteAsync($"api/admin/deployments/{deployment.Id}", cancellationToken);
        }
    }

    private async Task RollBackAsync(Guid deployment, CancellationToken cancellationToken)
    {
        while ((await api.ReadAsync<Open>($"api/admin/rollouts?deployment_id={deployment}&is_settled=false", cancellationToken)).Items is [var open, ..])
        {
            using var body = SampleFleet.Json(new { reason = "The demo was broken off." });
            await api.PostAsync($"api/admin/rollouts/{open.Id}/roll-back", body, cancellationToken);
            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    private static string Words(RolloutPhase phase) => phase switch
    {
        RolloutPhase.RolledBack => "rolled back",
        RolloutPhase.RollingBack => "rolling back",
        RolloutPhase.Succeeded => "promoted",
        _ => phase.ToString().ToLowerInvariant(),
    };

    private sealed record Deployments(Deployment[] Items);

    private sealed record Open(Rollout[] Items);
}
