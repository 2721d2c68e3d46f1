using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments;

/// <summary>Has deployments whose time has come look at their schedule, whatever silo they are on.</summary>
internal sealed partial class ScheduleSweeper(
    IDeploymentScheduleReader due,
    IGrainFactory grains,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<ScheduleSweeper> logger) : ControlLoop(Interval, time, lifetime, logger)
{
    private const int AtATime = 8;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override string Purpose => "looking at the schedules of deployments";

    protected override async Task Step(CancellationToken cancellationToken)
    {
        var ids = await due.ReadDueAsync(Time.GetUtcNow(), cancellationToken);
        await Parallel.ForEachAsync(
            ids,
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken },
            async (id, _) => await LookAsync(id));
    }

    private async Task LookAsync(Guid id)
    {
        try
        {
            await grains.GetGrain<IDeploymentGrain>(id).LookAtSchedule();
        }
        catch (Exception failure)
        {
            // Others go on; this one is looked at again a moment later.
            LogNotLooked(failure, id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Deployment {Deployment}: its schedule could not be followed; it is tried again in a moment")]
    private partial void LogNotLooked(Exception failure, Guid deployment);
}
