using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace OrleansAiFleet.Storage.Models;

/// <summary>
/// Encrypts what was stored plain, brings keys under the current master key, removes files that nothing refers to and objects that
/// are to go: at start and every hour, on one control silo at a time.
/// </summary>
internal sealed partial class ModelFileUpkeep(
    NpgsqlDataSource database,
    PlainFileEncryption plain,
    DataKeyRotation rotation,
    UnusedFiles unused,
    ModelFileRemovals removals,
    TimeProvider time,
    ILogger<ModelFileUpkeep> logger) : BackgroundService
{
    // Any number that no other part of the fleet takes as an advisory lock.
    private const long Turn = 0x4D6F64656C46;

    // An upload, its validation and its registration take hours at most.
    private static readonly TimeSpan UnusedFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    /// <summary>Does all that is to do now; false where another silo is at it.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        // The turn ends with this transaction, also where this process dies.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var take = new NpgsqlCommand("SELECT pg_try_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = Turn } } };
        if (await take.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return false;
        }

        await plain.RunAsync(cancellationToken);
        await rotation.RunAsync(cancellationToken);
        var forgotten = await unused.RemoveAsync(time.GetUtcNow() - UnusedFor, cancellationToken);
        if (forgotten > 0)
        {
            LogForgotten(forgotten);
        }

        var removed = await removals.RemoveDueAsync(cancellationToken);
        if (removed > 0)
        {
            LogRemoved(removed);
        }

        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var retry = ShortestRetry;
            while (true)
            {
                var done = await TryRunAsync(stoppingToken);
                var wait = done ? Interval : retry;
                retry = done ? ShortestRetry : TimeSpan.FromTicks(Math.Min(2 * retry.Ticks, LongestRetry.Ticks));

                // Several silos started together shall not come back together.
                await Task.Delay(wait * (1 + (Random.Shared.NextDouble() / 10)), time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; what was begun goes on at the next start.
        }
    }

    private async Task<bool> TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "{Files} stored files that nothing refers to were removed")]
    private partial void LogForgotten(int files);

    [LoggerMessage(LogLevel.Information, "{Objects} objects that no file has any more left the bucket")]
    private partial void LogRemoved(int objects);

    [LoggerMessage(LogLevel.Warning, "Stored files could not be looked after, and are again later: {Reason}")]
    private partial void LogFailed(string reason);
}
