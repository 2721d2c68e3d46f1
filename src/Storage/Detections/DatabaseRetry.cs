using Microsoft.Extensions.Logging;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>
/// Waits longer and longer while the database is away, with jitter, and says once that it went and once that it is back.
/// For one loop at a time.
/// </summary>
internal sealed partial class DatabaseRetry(
    FrameBatchOptions options, FrameBatchMeter meter, TimeProvider time, ILogger logger)
{
    // Doubling more often would only overflow: the longest wait is reached long before.
    private const int MostDoublings = 16;
    private static readonly TimeSpan SaidEvery = TimeSpan.FromMinutes(1);

    private int _failures;
    private long _awaySince;
    private long _saidAt;

    /// <summary>The last try failed.</summary>
    public bool IsAway => Volatile.Read(ref _failures) > 0;

    public Task FailedAsync(Exception exception, CancellationToken cancellationToken)
    {
        meter.Retried();
        var now = time.GetTimestamp();
        if (_failures == 0)
        {
            _awaySince = now;
        }

        if (_failures == 0 || time.GetElapsedTime(_saidAt, now) >= SaidEvery)
        {
            _saidAt = now;
            LogAway(logger, time.GetElapsedTime(_awaySince, now).TotalSeconds, exception.Message);
        }

        var wait = Math.Min(
            options.LongestRetry.TotalMilliseconds,
            options.ShortestRetry.TotalMilliseconds * (1 << Math.Min(_failures, MostDoublings)));
        Volatile.Write(ref _failures, _failures + 1);
        return Task.Delay(TimeSpan.FromMilliseconds(wait * (0.5 + (Random.Shared.NextDouble() / 2))), time, cancellationToken);
    }

    public void Succeeded()
    {
        if (_failures > 0)
        {
            LogBack(logger, time.GetElapsedTime(_awaySince).TotalSeconds, _failures);
            Volatile.Write(ref _failures, 0);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database takes no detections since {Seconds:F0} s; they wait in the journal: {Reason}")]
    private static partial void LogAway(ILogger logger, double seconds, string reason);

    [LoggerMessage(LogLevel.Information, "The database takes detections again after {Seconds:F1} s and {Failures} failed tries")]
    private static partial void LogBack(ILogger logger, double seconds, int failures);
}
