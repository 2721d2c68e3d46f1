using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansAiFleet.Benchmarks.Fleet;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Benchmarks.Rollouts;

/// <summary>Sites with a deployment each, whose versions go out, turn bad, and are taken back.</summary>
internal sealed class BreachedSites : IAsyncDisposable
{
    private const int CamerasEach = 4;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly FleetOfSites _fleet;
    private readonly TriedCameras _cameras;

    private BreachedSites(FleetOfSites fleet, Guid[] sites) =>
        (_fleet, _cameras, Sites) = (fleet, fleet.Services.GetRequiredService<TriedCameras>(), sites);

    public Guid[] Sites { get; }

    public static async Task<BreachedSites> StartAsync(int sites, CancellationToken cancellationToken)
    {
        var fleet = await FleetOfSites.StartAsync(sites, CamerasEach, cancellationToken, TriedCameras.Add);
        await fleet.AddIdleDeploymentsAsync(cancellationToken);
        var started = new BreachedSites(fleet, await fleet.ReadIdsAsync("SELECT id FROM sites ORDER BY name", cancellationToken));
        foreach (var site in started.Sites)
        {
            await started.ServedAsync(site, fleet.Models[0], cancellationToken);
        }

        return started;
    }

    /// <summary>The other version on trial on half of a site's cameras, after its first measurement.</summary>
    public async Task<Rollout> TryAsync(Guid site, object[] analysis, CancellationToken cancellationToken)
    {
        var body = new
        {
            model_id = _fleet.Models[1], analysis, progress_deadline_seconds = 120,
            steps = new object[] { new { kind = "set_weight", weight = 50 }, new { kind = "pause" } },
        };
        var deployment = await ActiveAsync(site, cancellationToken);
        var id = (Guid)(await _fleet.Api.PostAsync($"api/admin/deployments/{deployment}/rollouts", body, cancellationToken))["id"]!;
        return await UntilAsync(
            id,
            rollout => rollout.Progress.Hold == RolloutHold.AwaitsPerson
                && rollout.BackgroundRun?.Results.Any(result => result.Count > 0) == true,
            cancellationToken);
    }

    /// <summary>Has every frame of the candidate fail; gives when that was and when the last camera was the stable version's again.</summary>
    public async Task<(DateTimeOffset Bad, DateTimeOffset Back)> BreakAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        var bad = TimeProvider.System.GetUtcNow();
        _cameras.TurnBad(rollout.Id);
        try
        {
            return (bad, await ServedAsync(rollout.SiteId, _fleet.Models[0], cancellationToken));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var now = await UntilAsync(rollout.Id, _ => true, cancellationToken);
            throw new InvalidOperationException($"Rollout {now.Id:D} was not taken back: {now.Progress} {now.BackgroundRun}");
        }
    }

    /// <summary>Has somebody roll it back, and gives how many seconds that took to the last camera.</summary>
    public async Task<double> TellAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        var told = TimeProvider.System.GetUtcNow();
        await _fleet.Api.PostAsync($"api/admin/rollouts/{rollout.Id}/roll-back", new { reason = "Measured." }, cancellationToken);
        return (await ServedAsync(rollout.SiteId, _fleet.Models[0], cancellationToken) - told).TotalSeconds;
    }

    /// <summary>Brings the other version in an emergency, and gives how many seconds that took to the last camera.</summary>
    public async Task<double> HurryAsync(Guid site, CancellationToken cancellationToken)
    {
        var deployment = await ActiveAsync(site, cancellationToken);
        var told = TimeProvider.System.GetUtcNow();
        await _fleet.Api.PostAsync(
            $"api/admin/deployments/{deployment}/rollback", new { model_id = _fleet.Models[1], emergency = true }, cancellationToken);
        return (await ServedAsync(site, _fleet.Models[1], cancellationToken) - told).TotalSeconds;
    }

    /// <summary>A rollout once both of its deployments are as its end wants them.</summary>
    public Task<Rollout> SettledAsync(Guid id, CancellationToken cancellationToken) =>
        UntilAsync(id, rollout => rollout.IsSettled, cancellationToken);

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    private async Task<Guid> ActiveAsync(Guid site, CancellationToken cancellationToken) => (await _fleet.ReadIdsAsync(
        $"SELECT id FROM model_deployments WHERE site_id = '{site}' AND deployment_status = 'active'", cancellationToken)).Single();

    private async Task<DateTimeOffset> ServedAsync(Guid site, Guid model, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            if (_cameras.ServedSince(site, model, CamerasEach) is { } since)
            {
                return since;
            }

            await Task.Delay(Glance, patience.Token);
        }
    }

    private async Task<Rollout> UntilAsync(Guid id, Func<Rollout, bool> isSo, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            var rollout = (await _fleet.Api.GetFromJsonAsync<Rollout>($"api/admin/rollouts/{id}", FleetJson.Options, patience.Token))!;
            if (isSo(rollout))
            {
                return rollout;
            }

            await Task.Delay(Look, patience.Token);
        }
    }
}
