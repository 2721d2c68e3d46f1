using System.Diagnostics.Metrics;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>Counts what goes to the database. One per process.</summary>
internal sealed class FrameBatchMeter : IDisposable
{
    public const string Name = "OrleansAiFleet.Storage";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _batches;
    private readonly Counter<long> _detections;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _takeovers;
    private readonly Histogram<double> _transaction;

    public FrameBatchMeter()
    {
        _batches = _meter.CreateCounter<long>("fleet.frame_batches.stored", "{batch}", "Frame batches stored");
        _detections = _meter.CreateCounter<long>("fleet.detections.stored", "{row}", "Detections that were new to the database");
        _rejected = _meter.CreateCounter<long>("fleet.detections.rejected", "{row}",
            "Detections the database refused for good, or records that could not be read back");
        _retries = _meter.CreateCounter<long>("fleet.frame_batches.retries", "{try}", "Transactions that failed and are tried again");
        _takeovers = _meter.CreateCounter<long>("fleet.journal.takeovers", "{journal}", "Journals of dead processes brought to the database");
        _transaction = _meter.CreateHistogram<double>("fleet.frame_batches.transaction", "ms", "Time of one transaction");
    }

    public void Watch(BatchJournal journal)
    {
        _meter.CreateObservableGauge("fleet.journal.bytes", () => journal.Bytes, "By", "Bytes in the local journal");
        _meter.CreateObservableGauge("fleet.journal.batches", () => journal.Pending, "{batch}", "Batches not in the database yet");
    }

    public void Stored(int batches, long detections, TimeSpan elapsed)
    {
        _batches.Add(batches);
        _detections.Add(detections);
        _transaction.Record(elapsed.TotalMilliseconds);
    }

    public void Rejected(int detections) => _rejected.Add(Math.Max(1, detections));

    public void Retried() => _retries.Add(1);

    public void TookOver() => _takeovers.Add(1);

    public void Dispose() => _meter.Dispose();
}
