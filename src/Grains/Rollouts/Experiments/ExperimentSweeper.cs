using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>Has every experiment that is not settled looked after.</summary>
internal sealed class ExperimentSweeper(
    IExperimentReader open,
    IGrainFactory grains,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<ExperimentSweeper> logger) : Sweeper("experiment", atATime: 16, TimeSpan.FromSeconds(1), time, lifetime, logger)
{
    protected override Task<IReadOnlyList<Guid>> ReadAsync(CancellationToken cancellationToken) => open.ReadOpenAsync(cancellationToken);

    protected override Task LookAsync(Guid id) => grains.GetGrain<IExperimentGrain>(id).Look();
}
