using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.GpuWorker.Rollouts;
using OrleansAiFleet.Storage.Rollouts;

namespace OrleansAiFleet.Benchmarks.Rollouts;

/// <summary>All cameras of a benchmark of rollouts, ten frames a second each, and what they were told last.</summary>
internal sealed class TriedCameras(TrialLedger ledger) : BackgroundService
{
    private static readonly TimeSpan FrameInterval = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<Guid, TriedCamera> _cameras = new();
    private readonly ConcurrentDictionary<Guid, bool> _bad = new();

    /// <summary>Registers them with the worker's own ledger of trials, and gives the grain class of their streams.</summary>
    public static Type Add(IServiceCollection services)
    {
        services.AddSingleton(provider => new TrialLedger(
            provider.GetRequiredService<ITrialWriter>(), TimeProvider.System, provider.GetRequiredService<ILogger<TrialLedger>>()));
        services.AddHostedService(provider => provider.GetRequiredService<TrialLedger>());
        services.AddSingleton<TriedCameras>();
        services.AddHostedService(provider => provider.GetRequiredService<TriedCameras>());
        return typeof(TriedStreamGrain);
    }

    public void Apply(CameraPlan plan) => _cameras.GetOrAdd(plan.Camera.Id, id => new(id, ledger)).Apply(plan);

    /// <summary>From now on every frame of this deployment fails.</summary>
    public void TurnBad(Guid deployment) => _bad[deployment] = true;

    /// <summary>Since when the last camera of a site has this version and no other; null: not all of them have.</summary>
    public DateTimeOffset? ServedSince(Guid site, Guid model, int cameras)
    {
        var served = _cameras.Values.Select(camera => camera.Served).Where(camera => camera.Site == site && camera.Model == model).ToList();
        return served.Count == cameras ? served.Max(camera => camera.Since) : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(FrameInterval);
        try
        {
            for (var frame = 0L; await timer.WaitForNextTickAsync(stoppingToken); frame++)
            {
                foreach (var camera in _cameras.Values)
                {
                    camera.See(frame, _bad.ContainsKey);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }
}

/// <summary>A camera's stream that takes its plan and has every model loaded at once.</summary>
[GrainType("camera-stream")]
internal sealed class TriedStreamGrain(TriedCameras cameras, ILocalSiloDetails silo) : Grain, ICameraStreamGrain
{
    public Task<CameraStatus> Ensure(CameraPlan plan)
    {
        cameras.Apply(plan);
        return Task.FromResult(StillStreamGrain.StatusOf(plan, silo));
    }

    public Task Stop(string reason) => Task.CompletedTask;

    public Task<CameraStatus?> GetStatus() => Task.FromResult<CameraStatus?>(null);

    public Task<LiveFrame?> GetLiveFrame(long afterNumber, CancellationToken cancellationToken = default) =>
        Task.FromResult<LiveFrame?>(null);
}
