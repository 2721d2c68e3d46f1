using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansAiFleet.Fleet;

/// <summary>A step that every control silo repeats for as long as it runs. A step that fails is tried again at the next turn.</summary>
internal abstract partial class ControlLoop(
    TimeSpan period, TimeProvider time, IHostApplicationLifetime lifetime, ILogger logger) : BackgroundService
{
    /// <summary>The clock that the loop goes by.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>Where the loop's failures go.</summary>
    protected ILogger Logger { get; } = logger;

    /// <summary>What the loop does, for logs: <c>waking the camera supervisor</c>.</summary>
    protected abstract string Purpose { get; }

    protected abstract Task Step(CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Started(stoppingToken);
            using var timer = new PeriodicTimer(period, Time);
            var failing = false;
            do
            {
                failing = !await Succeeds(failing, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    // Services start one after the other: before the host is up, the silo may not be.
    private async Task Started(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }

    private async Task<bool> Succeeds(bool failing, CancellationToken cancellationToken)
    {
        try
        {
            await Step(cancellationToken);
            if (failing)
            {
                LogRecovered(Logger, Purpose);
            }

            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Once per outage: the loop comes round every few seconds.
            if (!failing)
            {
                LogFailed(Logger, failure, Purpose);
            }

            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Control loop: {Purpose} failed; it is tried again every turn")]
    private static partial void LogFailed(ILogger logger, Exception failure, string purpose);

    [LoggerMessage(LogLevel.Information, "Control loop: {Purpose} works again")]
    private static partial void LogRecovered(ILogger logger, string purpose);
}
