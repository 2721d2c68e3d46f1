using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments.Optimization;

/// <summary>Has every search that is not settled looked after.</summary>
internal sealed class OptimizationSweeper(
    IOptimizationReader open,
    IGrainFactory grains,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<OptimizationSweeper> logger) : Sweeper("optimization", atATime: 16, TimeSpan.FromSeconds(1), time, lifetime, logger)
{
    protected override Task<IReadOnlyList<Guid>> ReadAsync(CancellationToken cancellationToken) => open.ReadOpenAsync(cancellationToken);

    protected override Task LookAsync(Guid id) => grains.GetGrain<IOptimizationGrain>(id).Look();
}
