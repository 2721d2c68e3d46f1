using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Cameras;

/// <summary>Keeps the camera supervisor awake: where its silo died, the next call makes it anew on another.</summary>
internal sealed class SupervisorWaker(
    IGrainFactory grains,
    IOptions<CamerasOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<SupervisorWaker> logger) : ControlLoop(options.Value.WakeInterval, time, lifetime, logger)
{
    protected override string Purpose => "waking the camera supervisor";

    protected override Task Step(CancellationToken cancellationToken) =>
        grains.GetGrain<ICameraSupervisorGrain>(0).Wake().WaitAsync(cancellationToken);
}
