using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments;

/// <summary>Has every deployment whose time has come look at its schedule.</summary>
internal sealed class ScheduleSweeper(
    IDeploymentScheduleReader due,
    IGrainFactory grains,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<ScheduleSweeper> logger) : Sweeper("scheduled deployment", atATime: 8, TimeSpan.FromSeconds(2), time, lifetime, logger)
{
    protected override Task<IReadOnlyList<Guid>> ReadAsync(CancellationToken cancellationToken) => due.ReadDueAsync(Time.GetUtcNow(), cancellationToken);

    protected override Task LookAsync(Guid id) => grains.GetGrain<IDeploymentGrain>(id).LookAtSchedule();
}
