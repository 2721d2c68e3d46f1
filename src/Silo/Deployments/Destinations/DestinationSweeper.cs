using Microsoft.Extensions.Options;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Integrations.Deployments.Destinations;
using OrleansAiFleet.Storage.Deployments.Destinations;

namespace OrleansAiFleet.Silo.Deployments.Destinations;

/// <summary>Keeps what waits and what is dead within its bounds, measures what waits longest, and closes idle connections.</summary>
internal sealed partial class DestinationSweeper(
    OutboxUpkeep upkeep,
    DestinationSenders senders,
    DestinationMeter meter,
    IOptions<DestinationOptions> options,
    TimeProvider time,
    ILogger<DestinationSweeper> logger) : BackgroundService
{
    private readonly DestinationOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                // Several silos started together shall not come back together.
                await Task.Delay(_options.SweepInterval * (1 + (Random.Shared.NextDouble() / 10)), time, stoppingToken);
                await SweepAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await senders.TrimAsync();
            var limits = new OutboxLimits(_options.LongestWait, _options.MostBytesWaiting, _options.DeadLetterAge, _options.MostDeadLetters);
            var changes = await upkeep.RunAsync(limits, cancellationToken);
            foreach (var (deployment, name, frames) in changes.Dead)
            {
                meter.Dead(deployment, name, frames);
                LogDead(frames, name, deployment);
            }

            if (changes.Discarded > 0)
            {
                meter.Discarded(changes.Discarded);
                LogDiscarded(changes.Discarded);
            }

            meter.Oldest(await upkeep.ReadOldestAsync(cancellationToken));
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Frames} frames for destination {Destination} of deployment {Deployment} waited too long or are too many: now dead")]
    private partial void LogDead(long frames, string destination, Guid deployment);

    [LoggerMessage(LogLevel.Warning, "{Letters} dead letters are kept no longer")]
    private partial void LogDiscarded(long letters);

    [LoggerMessage(LogLevel.Warning, "What waits to be sent could not be looked after, and waits longer: {Reason}")]
    private partial void LogFailed(string reason);
}
