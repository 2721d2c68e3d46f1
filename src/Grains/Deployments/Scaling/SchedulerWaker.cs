using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>Keeps the scheduler awake: where its silo died, the next call makes it anew on another.</summary>
internal sealed class SchedulerWaker(
    IGrainFactory grains,
    IOptions<ScalingOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<SchedulerWaker> logger) : ControlLoop(options.Value.WakeInterval, time, lifetime, logger)
{
    protected override string Purpose => "waking the scheduler";

    protected override Task Step(CancellationToken cancellationToken) =>
        grains.GetGrain<ISchedulerGrain>(0).Wake().WaitAsync(cancellationToken);
}
