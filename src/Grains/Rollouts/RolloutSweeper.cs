using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Rollouts;

/// <summary>Has every rollout that is not settled looked after.</summary>
internal sealed class RolloutSweeper(
    IRolloutReader open,
    IGrainFactory grains,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<RolloutSweeper> logger) : Sweeper("rollout", atATime: 32, TimeSpan.FromSeconds(1), time, lifetime, logger)
{
    protected override Task<IReadOnlyList<Guid>> ReadAsync(CancellationToken cancellationToken) => open.ReadOpenAsync(cancellationToken);

    protected override Task LookAsync(Guid id) => grains.GetGrain<IRolloutGrain>(id).Look();
}
