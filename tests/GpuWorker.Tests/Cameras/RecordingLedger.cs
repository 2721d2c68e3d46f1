using OrleansAiFleet.Detections;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

/// <summary>Keeps every booking.</summary>
internal sealed class RecordingLedger : IFrameLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Book> _books = [];

    public Book this[Guid deployment]
    {
        get
        {
            lock (_gate)
            {
                return _books.TryGetValue(deployment, out var book) ? book.Copy() : new();
            }
        }
    }

    public void Decoded(Guid deploymentId, DateTimeOffset frameTime) => Change(deploymentId, book => book.Decoded++);

    public void Skipped(Guid deploymentId, DateTimeOffset frameTime, SkipReason reason, FrameError error = FrameError.None) =>
        Change(deploymentId, book => book.Skipped[reason] = book.Skipped.GetValueOrDefault(reason) + 1);

    public ValueTask InferredAsync(
        Guid deploymentId, DateTimeOffset frameTime, FrameOutcome outcome, double latencyMilliseconds,
        FoundObjects found, CancellationToken cancellationToken)
    {
        Change(deploymentId, book =>
        {
            book.Inferred++;
            book.FrameTimes.Add(frameTime);
            book.Detections.AddRange(found.Detections);
            book.Outgoing.AddRange(found.Outgoing);
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private void Change(Guid deployment, Action<Book> change)
    {
        lock (_gate)
        {
            if (!_books.TryGetValue(deployment, out var book))
            {
                _books[deployment] = book = new();
            }

            change(book);
        }
    }

    internal sealed class Book
    {
        public long Decoded { get; set; }

        public long Inferred { get; set; }

        public Dictionary<SkipReason, long> Skipped { get; init; } = [];

        public List<DateTimeOffset> FrameTimes { get; init; } = [];

        public List<Detection> Detections { get; init; } = [];

        public List<OutgoingDetection> Outgoing { get; init; } = [];

        public long SkippedInAll => Skipped.Values.Sum();

        public Book Copy() => new()
        {
            Decoded = Decoded,
            Inferred = Inferred,
            Skipped = new(Skipped),
            FrameTimes = [.. FrameTimes],
            Detections = [.. Detections],
            Outgoing = [.. Outgoing],
        };

        public override string ToString() => $"decoded {Decoded}, inferred {Inferred}, skipped {string.Join(", ", Skipped)}";
    }
}
