using Microsoft.Extensions.Logging;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>
/// Finds the journals of dead processes on this machine, brings what is in them to the database and says for each of their
/// windows how many frames died with them.
/// </summary>
internal sealed partial class JournalTakeover(
    FrameBatchOptions options,
    FrameBatchSql sql,
    FrameBatchStore store,
    RejectedBatches rejected,
    DatabaseRetry retry,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>A batch of a dead process is in the database.</summary>
    public event Action<FrameBatch>? Stored;

    /// <summary>All of a dead process is in the database.</summary>
    public event Action? TookOver;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.TakeoverInterval, time);
        do
        {
            try
            {
                await TakeOverAllAsync(cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                await retry.FailedAsync(exception, cancellationToken);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task TakeOverAllAsync(CancellationToken cancellationToken)
    {
        JournalFolder.RemoveUnfinished(options.JournalFolder, time.GetUtcNow());
        foreach (var folder in JournalFolder.TakeOver(options.JournalFolder))
        {
            using (folder)
            {
                var batches = await ReplayAsync(folder.Path, cancellationToken);
                var windows = await ReportInFlightAsync(folder.Path, cancellationToken);
                folder.Delete();
                LogTookOver(logger, folder.Path, batches, windows);
                TookOver?.Invoke();
            }
        }
    }

    private async Task<long> ReplayAsync(string folder, CancellationToken cancellationToken)
    {
        using var reader = new JournalReader(folder);
        var batches = new List<FrameBatch>();
        long replayed = 0;
        while (ReadNext(reader, batches))
        {
            await StoreAsync(batches, cancellationToken);
            replayed += batches.Count;
            batches.Clear();
            foreach (var segment in JournalReader.SegmentsOf(folder).TakeWhile(number => number < reader.Position.Segment))
            {
                File.Delete(JournalReader.PathOf(folder, segment));
            }
        }

        return replayed;
    }

    private bool ReadNext(JournalReader reader, List<FrameBatch> batches)
    {
        var rows = options.TransactionRows;
        while (rows > 0)
        {
            var position = reader.Position;
            var record = reader.Read();
            switch (record.Kind)
            {
                case JournalRecordKind.End:
                    return batches.Count > 0;
                case JournalRecordKind.Torn:
                    LogTorn(logger, reader.Position.Segment, position.Offset);
                    break;
                case JournalRecordKind.Damaged:
                    rejected.Add(record.Raw!);
                    break;
                default:
                    batches.Add(record.Batch!);
                    rows -= BatchJournal.RowsOf(record.Batch!);
                    break;
            }
        }

        return true;
    }

    private async Task<int> ReportInFlightAsync(string folder, CancellationToken cancellationToken)
    {
        var reported = 0;
        foreach (var window in InFlightWindow.ReadAll(folder))
        {
            var last = await sql.ReadReportAsync(window.Window, window.Reporter, cancellationToken);
            if (window.LastReport(last) is { } report)
            {
                await StoreAsync([new([], [report])], cancellationToken);
                reported++;
            }
        }

        return reported;
    }

    private async Task StoreAsync(List<FrameBatch> batches, CancellationToken cancellationToken)
    {
        await store.StoreAsync(batches, cancellationToken);
        retry.Succeeded();
        batches.ForEach(batch => Stored?.Invoke(batch));
    }

    [LoggerMessage(
        LogLevel.Information,
        "Journal {Folder} of a dead process taken over: {Batches} batches stored again, {Windows} windows with frames that died in flight")]
    private static partial void LogTookOver(ILogger logger, string folder, long batches, int windows);

    [LoggerMessage(LogLevel.Warning, "The last record of journal file {Segment}, from byte {Offset}, is torn: the process died while it wrote; dropped")]
    private static partial void LogTorn(ILogger logger, long segment, long offset);
}
