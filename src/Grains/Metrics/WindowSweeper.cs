using System.Collections.Concurrent;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Metrics;

/// <summary>
/// Settles windows that nobody reports to any more, so that each gets its closed row whichever silo died. Where a worker went away, open
/// ones too, at once: what it stored last and did not get to say is in its reports.
/// </summary>
internal sealed class WindowSweeper(
    IUnsettledWindowReader windows,
    IGrainFactory grains,
    WorkerDirectory directory,
    IOptions<MetricsOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<WindowSweeper> logger) : ControlLoop(options.Value.SweepInterval, time, lifetime, logger)
{
    private HashSet<SiloAddress> _workers = [];

    protected override string Purpose => "settling metric windows";

    protected override async Task Step(CancellationToken cancellationToken)
    {
        var workers = directory.Workers.ToHashSet();
        var now = Time.GetUtcNow();
        var endedBefore = _workers.IsSubsetOf(workers) ? now - options.Value.CloseGrace : now + WindowKey.Length;
        var unsettled = await windows.ReadUnsettledAsync(endedBefore, options.Value.SweepLimit, cancellationToken);
        var failures = new ConcurrentBag<Exception>();
        await Parallel.ForEachAsync(
            unsettled,
            new ParallelOptions
            {
                CancellationToken = cancellationToken,
                MaxDegreeOfParallelism = options.Value.SweepConcurrency,
            },
            async (window, stopping) =>
            {
                try
                {
                    await grains.GetGrain<IMetricsWindowGrain>(window.ToString()).Settle().WaitAsync(stopping);
                }
                catch (Exception failure) when (!stopping.IsCancellationRequested)
                {
                    // One window must not keep the others open.
                    failures.Add(failure);
                }
            });
        if (!failures.IsEmpty)
        {
            throw new AggregateException(
                $"{failures.Count} of {unsettled.Count} windows could not be settled", failures.Take(1));
        }

        // Not before: what failed is tried again at the next turn.
        _workers = workers;
    }
}
