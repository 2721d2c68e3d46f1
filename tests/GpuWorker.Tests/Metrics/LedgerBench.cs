using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansAiFleet.Detections;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.GpuWorker.Tests.Metrics;

/// <summary>A ledger whose batches are kept in a list in place of the store.</summary>
internal sealed class LedgerBench : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly string _parent = Path.Combine(Path.GetTempPath(), "fleet-journal-" + Guid.NewGuid().ToString("N"));

    public LedgerBench(FrameLedgerOptions? options = null)
    {
        Folder = JournalFolder.Create(_parent);
        Ledger = new(
            Folder,
            WriteAsync,
            Options.Create(options ?? new()),
            Time,
            NullLogger<FrameLedger>.Instance);
    }

    public FakeTimeProvider Time { get; } = new(Noon);

    public JournalFolder Folder { get; }

    public FrameLedger Ledger { get; }

    public ConcurrentQueue<FrameBatch> Written { get; } = new();

    /// <summary>What the store does with a batch before it takes it.</summary>
    public Func<CancellationToken, Task> Store { get; set; } = _ => Task.CompletedTask;

    public IEnumerable<Detection> Detections => Written.SelectMany(batch => batch.Detections);

    public IEnumerable<WindowReport> Reports => Written.SelectMany(batch => batch.Reports);

    public static Detection[] Objects(int count, float confidence = 0.5f) =>
        [.. Enumerable.Range(0, count).Select(_ => new Detection
        {
            Id = Guid.NewGuid(),
            CameraId = Guid.Empty,
            SiteId = Guid.Empty,
            DeploymentId = Guid.Empty,
            ModelId = Guid.Empty,
            FrameTime = Noon,
            Confidence = confidence,
        })];

    public ValueTask InferAsync(Guid deployment, DateTimeOffset at, int objects, double latency = 20) =>
        Ledger.InferredAsync(
            deployment, at, new FrameOutcome { InferMilliseconds = 10 }, latency, new(Objects(objects), []), CancellationToken.None);

    public ValueTask FlushAsync() => Ledger.FlushAsync(CancellationToken.None);

    public void Dispose()
    {
        Ledger.Dispose();
        Folder.Dispose();
        Directory.Delete(_parent, recursive: true);
    }

    private async ValueTask WriteAsync(FrameBatch batch, CancellationToken cancellationToken)
    {
        await Store(cancellationToken);
        Written.Enqueue(batch);
    }
}
