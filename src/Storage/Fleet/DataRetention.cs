using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansAiFleet.Storage.Cameras;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Models;
using OrleansAiFleet.Storage.Sites;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>Keeps data as long as they are to be kept, and no longer: looks at start and every hour.</summary>
internal sealed partial class DataRetention(
    DetectionPartitions partitions,
    SiteRetention sites,
    CameraErasures erasures,
    IdempotentRequests requests,
    ExpiredUploads uploads,
    IOptions<DetectionRetentionOptions> options,
    TimeProvider time,
    ILogger<DataRetention> logger) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var done = await TryMaintainAsync(stoppingToken);
                var wait = done || options.Value.Interval < RetryAfter ? options.Value.Interval : RetryAfter;
                // Several silos started together shall not come back together.
                await Task.Delay(wait * (1 + (Random.Shared.NextDouble() / 10)), time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task<bool> TryMaintainAsync(CancellationToken cancellationToken)
    {
        try
        {
            var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
            var changes = await partitions.MaintainAsync(today, options.Value, cancellationToken);
            if (changes is not null)
            {
                Log(changes);
            }

            var expired = await sites.ApplyAsync(today, cancellationToken);
            if (expired > 0)
            {
                LogExpired(expired);
            }

            await erasures.ResumeAsync(cancellationToken);
            await requests.ForgetAsync(cancellationToken);
            await uploads.ForgetAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception.Message);
            return false;
        }
    }

    private void Log(PartitionChanges changes)
    {
        if (changes.Made.Count > 0)
        {
            LogMade(changes.Made);
        }

        if (changes.MovedRows > 0)
        {
            LogMoved(changes.MovedRows);
        }

        if (changes.Dropped.Count > 0)
        {
            LogDropped(changes.Dropped);
        }

        if (changes.DeletedRows > 0)
        {
            LogDeleted(changes.DeletedRows);
        }
    }

    [LoggerMessage(LogLevel.Information, "Detection partitions made: {Made}")]
    private partial void LogMade(IReadOnlyList<string> made);

    [LoggerMessage(LogLevel.Information, "Detections moved out of the default partition into those of their days: {Moved}")]
    private partial void LogMoved(long moved);

    [LoggerMessage(LogLevel.Information, "Detection partitions past retention dropped: {Dropped}")]
    private partial void LogDropped(IReadOnlyList<string> dropped);

    [LoggerMessage(LogLevel.Information, "Detections past retention deleted from the default partition: {Deleted}")]
    private partial void LogDeleted(long deleted);

    [LoggerMessage(LogLevel.Information, "Rows that their sites keep no longer deleted: {Deleted}")]
    private partial void LogExpired(long deleted);

    [LoggerMessage(LogLevel.Warning, "What is stored could not be looked after, and is kept longer for now: {Reason}")]
    private partial void LogFailed(string reason);
}
