using OrleansAiFleet.Detections;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>
/// The open windows of one deployment and its detections that are not handed over yet. One lock for both: a report counts
/// exactly the detections handed over with it and before it.
/// </summary>
internal sealed class DeploymentBook(
    Guid deploymentId, Guid reporter, InFlightLedgerFile inFlight, DateTimeOffset droppedUpTo, TimeProvider time)
{
    private static readonly TimeSpan SampledFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestInFlight = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly List<WindowBook> _windows = [];
    private readonly List<Detection> _pending = [];
    private readonly List<OutgoingDetection> _outgoing = [];
    private DateTimeOffset _bookedAt = time.GetUtcNow();
    private DateTimeOffset _droppedUpTo = droppedUpTo;
    private bool _retired;

    /// <summary>False where this book was retired meanwhile: ask for the deployment's new one.</summary>
    public bool TryDecode(DateTimeOffset frameTime)
    {
        lock (_gate)
        {
            WindowOf(frameTime)?.Decode(_bookedAt);
            return !_retired;
        }
    }

    /// <inheritdoc cref="TryDecode"/>
    public bool TrySkip(DateTimeOffset frameTime, SkipReason reason, FrameError error)
    {
        lock (_gate)
        {
            WindowOf(frameTime)?.Skip(reason, error, _bookedAt);
            return !_retired;
        }
    }

    /// <inheritdoc cref="TryDecode"/>
    public bool TryInfer(
        DateTimeOffset frameTime, FrameOutcome outcome, double latencyMilliseconds, FoundObjects found)
    {
        lock (_gate)
        {
            if (WindowOf(frameTime) is { } window)
            {
                window.Infer(outcome, latencyMilliseconds, found.Detections, _bookedAt);
                _pending.AddRange(found.Detections);
                _outgoing.AddRange(found.Outgoing);
            }

            return !_retired;
        }
    }

    /// <summary>Books a sample of the worker into the window of now, or the latest one of a recording.</summary>
    public void Sample(ResourceSample sample)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_windows.Count > 0 && now - _bookedAt <= SampledFor)
            {
                var current = _windows.Find(window => window.Window.Start <= now && now < window.Window.End);
                (current ?? _windows.MaxBy(window => window.BookedAt)!).Sample(sample);
            }
        }
    }

    /// <summary>Takes the detections not handed over yet and the totals that count them, both as of one moment.</summary>
    public void Take(List<Detection> detections, List<OutgoingDetection> outgoing, List<WindowReport> reports)
    {
        lock (_gate)
        {
            detections.AddRange(_pending);
            _pending.Clear();
            outgoing.AddRange(_outgoing);
            _outgoing.Clear();
            reports.AddRange(_windows.Where(window => window.IsDirty).Select(window => window.Report()));
        }
    }

    /// <summary>Forgets windows that are over and reported.</summary>
    /// <returns>Start of the latest window forgotten so far.</returns>
    public DateTimeOffset DropOver(TimeSpan grace)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            for (var i = _windows.Count - 1; i >= 0; i--)
            {
                if (IsOver(_windows[i], now, grace))
                {
                    _windows[i].Close();
                    _droppedUpTo = Later(_droppedUpTo, _windows[i].Window.Start);
                    _windows.RemoveAt(i);
                }
            }

            return _droppedUpTo;
        }
    }

    /// <summary>Ends the book where nothing was booked for that long and nothing is open.</summary>
    public bool TryRetire(TimeSpan idle)
    {
        lock (_gate)
        {
            return _retired = _windows.Count == 0 && _pending.Count == 0 && time.GetUtcNow() - _bookedAt > idle;
        }
    }

    // Where a frame was booked as decoded and never again, its window goes after an hour all the same. A camera whose clock
    // runs ahead must not pile windows up: one that rests longer than a window lasts is over, whenever it ends.
    private static bool IsOver(WindowBook window, DateTimeOffset now, TimeSpan grace)
    {
        var idle = now - window.BookedAt;
        return !window.IsDirty
            && (window.IsInFlight
                ? idle >= LongestInFlight
                : idle >= grace + WindowKey.Length || now - Later(window.Window.End, window.BookedAt) >= grace);
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private WindowBook? WindowOf(DateTimeOffset frameTime)
    {
        if (_retired)
        {
            return null;
        }

        _bookedAt = time.GetUtcNow();
        for (var i = _windows.Count - 1; i >= 0; i--)
        {
            if (_windows[i].Window.Start <= frameTime && frameTime < _windows[i].Window.End)
            {
                return _windows[i];
            }
        }

        return Open(WindowKey.For(deploymentId, frameTime));
    }

    // Totals of a window that was forgotten cannot go on: what comes late counts as another reporter's, beside the first.
    private WindowBook Open(WindowKey window)
    {
        var author = window.Start <= _droppedUpTo ? Guid.NewGuid() : reporter;
        var book = new WindowBook(window, author, inFlight.Open(deploymentId, window.Start, author));
        _windows.Add(book);
        return book;
    }
}
