using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>
/// Brings frame batches to PostgreSQL, in order, exactly once. While the database is away they wait in a local journal
/// and are replayed when it is back; a journal left by a dead process of this machine is taken over at start.
/// </summary>
/// <remarks>
/// Every batch is in the journal file before <see cref="WriteAsync"/> completes, and leaves it after the commit: what was
/// handed over survives the death of the process (not the failure of the machine, see <see cref="JournalFolder"/>).
/// A batch stored twice for a death between the two is stored once: ids are derived and totals absolute.
/// </remarks>
public sealed partial class FrameBatchWriter : BackgroundService
{
    private readonly FrameBatchOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<FrameBatchWriter> _logger;
    private readonly BatchJournal _journal;
    private readonly FrameBatchMeter _meter = new();
    private readonly RejectedBatches _rejected;
    private readonly FrameBatchStore _store;
    private readonly DatabaseRetry _retry;
    private readonly JournalTakeover _takeover;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _halt = new();
    private long? _committedAt;

    public FrameBatchWriter(
        NpgsqlDataSource database,
        JournalFolder folder,
        IOptions<FrameBatchOptions> options,
        TimeProvider time,
        ILogger<FrameBatchWriter> logger)
    {
        (_options, _time, _logger) = (options.Value, time, logger);
        var sql = new FrameBatchSql(database, _options.CommandTimeout);
        _journal = new(folder.Path, _options);
        _rejected = new(_options, _meter, time, logger);
        _store = new(sql, _rejected, _meter, time);
        _retry = new(_options, _meter, time, logger);
        _takeover = new(_options, sql, _store, _rejected, new(_options, _meter, time, logger), time, logger);
        _takeover.Stored += RaiseStored;
        _takeover.TookOver += _meter.TookOver;
        _meter.Watch(_journal);
    }

    /// <summary>Batches that wait in the journal because the database is away or behind; 0 while all goes straight through.</summary>
    public long JournaledBatches => _retry.IsAway ? _journal.Pending : _journal.OnDiskOnly;

    /// <summary>Raised after a batch is in the database (from the writer's own loop; handlers must not block).</summary>
    public event Action<FrameBatch>? Stored;

    /// <summary>Hands a batch over. Waits only while both queue and journal are full.</summary>
    /// <exception cref="ArgumentException">It has more than 64 MiB.</exception>
    /// <exception cref="ObjectDisposedException">The writer is gone.</exception>
    public async ValueTask WriteAsync(FrameBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var payload = FrameBatchCodec.Encode(batch);
        if (payload.Length > FrameBatchCodec.LargestBatch)
        {
            throw new ArgumentException($"A batch of {payload.Length} bytes is too large: split it.", nameof(batch));
        }

        var record = JournalRecord.Frame(payload);
        while (!TryAppend(batch, record, out var diskFailed))
        {
            await (diskFailed
                ? Task.Delay(_options.LongestRetry, _time, cancellationToken)
                : _journal.WaitForRoomAsync(record.Length, cancellationToken));
        }
    }

    /// <summary>Stores what was handed over within the time given; what is left stays in the journal.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _halt.CancelAsync();
        _journal.Complete();
        if (ExecuteTask is not null)
        {
            try
            {
                await _drained.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Out of time: the journal keeps the rest.
            }
        }

        await base.StopAsync(cancellationToken);
        if (_journal.Pending > 0)
        {
            LogLeft(_logger, _journal.Pending, _journal.InMemoryOnly);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _journal.Dispose();
        _meter.Dispose();
        _halt.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(WriteAllAsync(stoppingToken), _takeover.RunAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; what is under way is in the journal.
        }
    }

    private async Task WriteAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            var entries = new List<JournalEntry>();
            while (entries.Count > 0 || await WaitForBatchesAsync(cancellationToken))
            {
                if (!await TryWriteNextAsync(entries, cancellationToken))
                {
                    return;
                }
            }
        }
        finally
        {
            _drained.TrySetResult();
        }
    }

    private async Task<bool> WaitForBatchesAsync(CancellationToken cancellationToken)
    {
        var left = _committedAt is { } at ? _options.CommitInterval - _time.GetElapsedTime(at) : TimeSpan.Zero;
        if (left > TimeSpan.Zero)
        {
            using var interval = new CancellationTokenSource(left, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(interval.Token, cancellationToken);
            try
            {
                return await _journal.WaitAsync(_options.TransactionRows, either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The next transaction takes what is there, however little.
            }
        }

        return await _journal.WaitAsync(rows: 1, cancellationToken);
    }

    // Whatever fails, the loop goes on with the same batches: one that ended would keep everything from the database.
    private async Task<bool> TryWriteNextAsync(List<JournalEntry> entries, CancellationToken cancellationToken)
    {
        try
        {
            if (entries.Count == 0)
            {
                _journal.Read(_options.TransactionRows, entries, _rejected.Add);
            }

            if (!await StoreAsync([.. entries.Select(entry => entry.Batch)], cancellationToken))
            {
                return false;
            }

            _journal.Trim(entries);
            entries.ForEach(entry => RaiseStored(entry.Batch));
            entries.Clear();
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogWriteFailed(_logger, exception);
            return await WaitToRetryAsync(exception, cancellationToken);
        }
    }

    // False: the database is away and there is no time to wait for it.
    private async Task<bool> StoreAsync(FrameBatch[] batches, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _store.StoreAsync(batches, cancellationToken);
                _committedAt = _time.GetTimestamp();
                _retry.Succeeded();
                return true;
            }
            catch (Exception exception) when (FrameBatchStore.IsAway(exception) && !cancellationToken.IsCancellationRequested)
            {
                if (!await WaitToRetryAsync(exception, cancellationToken))
                {
                    return false;
                }
            }
        }
    }

    private async Task<bool> WaitToRetryAsync(Exception exception, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_halt.Token, cancellationToken);
        try
        {
            await _retry.FailedAsync(exception, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private bool TryAppend(FrameBatch batch, byte[] record, out bool diskFailed)
    {
        diskFailed = false;
        try
        {
            return _journal.TryAppend(batch, record);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogDiskFailed(_logger, exception.Message);
            diskFailed = true;
            return false;
        }
    }

    private void RaiseStored(FrameBatch batch)
    {
        try
        {
            Stored?.Invoke(batch);
        }
        catch (Exception exception)
        {
            LogListenerFailed(_logger, exception);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Batches} frame batches stay in the journal for the next process; {Lost} of them were in memory only and are lost")]
    private static partial void LogLeft(ILogger logger, long batches, long lost);

    [LoggerMessage(LogLevel.Error, "The journal takes no batch: {Reason}")]
    private static partial void LogDiskFailed(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Error, "Batches could not be written; they are tried again")]
    private static partial void LogWriteFailed(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "A listener failed on a stored batch")]
    private static partial void LogListenerFailed(ILogger logger, Exception exception);
}
