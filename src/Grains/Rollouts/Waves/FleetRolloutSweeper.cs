using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>Has every fleet rollout that is not settled looked after.</summary>
internal sealed class FleetRolloutSweeper(
    IFleetRolloutReader open,
    IGrainFactory grains,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<FleetRolloutSweeper> logger) : Sweeper("fleet rollout", atATime: 8, TimeSpan.FromSeconds(1), time, lifetime, logger)
{
    protected override Task<IReadOnlyList<Guid>> ReadAsync(CancellationToken cancellationToken) => open.ReadOpenAsync(cancellationToken);

    protected override Task LookAsync(Guid id) => grains.GetGrain<IFleetRolloutGrain>(id).Look();
}
