using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>Has every experiment that is not settled looked after: it goes on whatever silo it was on before.</summary>
internal sealed partial class ExperimentSweeper(
    IExperimentReader open,
    IGrainFactory grains,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<ExperimentSweeper> logger) : ControlLoop(Interval, time, lifetime, logger)
{
    private const int AtATime = 16;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override string Purpose => "looking after experiments";

    protected override async Task Step(CancellationToken cancellationToken)
    {
        var ids = await open.ReadOpenAsync(cancellationToken);
        await Parallel.ForEachAsync(
            ids,
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken },
            async (id, _) => await LookAsync(id));
    }

    private async Task LookAsync(Guid id)
    {
        try
        {
            await grains.GetGrain<IExperimentGrain>(id).Look();
        }
        catch (Exception failure)
        {
            // Others go on; this one is looked at again a moment later.
            LogNotLooked(failure, id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Experiment {Experiment} could not be looked after; it is again in a moment")]
    private partial void LogNotLooked(Exception failure, Guid experiment);
}
