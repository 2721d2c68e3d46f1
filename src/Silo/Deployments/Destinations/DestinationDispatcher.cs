using System.Collections.Concurrent;

using Microsoft.Extensions.Options;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Storage.Deployments.Destinations;

namespace OrleansAiFleet.Silo.Deployments.Destinations;

/// <summary>
/// Takes destinations for which something is due and has it sent, so many at the same time. Every control silo does; a lease in the
/// database says who has which.
/// </summary>
internal sealed partial class DestinationDispatcher(
    DestinationLeases leases,
    DestinationRun run,
    IOptions<DestinationOptions> options,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<DestinationDispatcher> logger) : BackgroundService
{
    private readonly DestinationOptions _options = options.Value;
    private readonly ConcurrentDictionary<(Guid DeploymentId, string Name), Task> _running = [];
    private bool _isAway;

    /// <summary>One life of this silo.</summary>
    private Guid Owner { get; } = Guid.NewGuid();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await StartedAsync(stoppingToken);
            using var timer = new PeriodicTimer(_options.PollInterval, time);
            do
            {
                await ClaimAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; what is being sent is given up below.
        }
        finally
        {
            await Task.WhenAll(_running.Values);
        }
    }

    // Services start one after the other: before the host is up, the database may not be migrated.
    private async Task StartedAsync(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }

    private async Task ClaimAsync(CancellationToken cancellationToken)
    {
        var free = _options.Concurrency - _running.Count;
        if (free <= 0)
        {
            return;
        }

        try
        {
            foreach (var lease in await leases.ClaimAsync(Owner, free, _options.Lease, cancellationToken))
            {
                Start(lease, cancellationToken);
            }

            _isAway = false;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Once per outage: the loop comes round all the time.
            if (!_isAway)
            {
                LogClaimFailed(failure);
            }

            _isAway = true;
        }
    }

    // A run that overslept its lease may still be there when its own silo takes the destination anew: it is waited for.
    private void Start(DestinationLease lease, CancellationToken cancellationToken)
    {
        var key = (lease.DeploymentId, lease.Name);
        var before = _running.GetValueOrDefault(key, Task.CompletedTask);
        var task = RunAsync(lease, before, cancellationToken);
        _running[key] = task;
        task.GetAwaiter().OnCompleted(() => _running.TryRemove(new(key, task)));
    }

    private async Task RunAsync(DestinationLease lease, Task before, CancellationToken cancellationToken)
    {
        await Task.Yield();
        await before;
        try
        {
            await run.SendAllAsync(lease, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Stopped, or out of time: whether the receiver has the message is not known, so it is sent again.
            await GiveBackAsync(lease);
        }
        catch (Exception failure)
        {
            // The lease ends by itself, which is a pause before the next try.
            LogRunFailed(lease.Name, lease.DeploymentId, failure);
        }
    }

    private async Task GiveBackAsync(DestinationLease lease)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
            await leases.ReleaseAsync(lease, limit.Token);
        }
        catch (Exception failure)
        {
            LogRunFailed(lease.Name, lease.DeploymentId, failure);
        }
    }

    [LoggerMessage(LogLevel.Warning, "What is to be sent cannot be read; it waits")]
    private partial void LogClaimFailed(Exception failure);

    [LoggerMessage(LogLevel.Warning, "Destination {Destination} of deployment {Deployment}: sending was broken off; it is taken up again")]
    private partial void LogRunFailed(string destination, Guid deployment, Exception failure);
}
