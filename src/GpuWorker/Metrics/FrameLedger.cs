using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using OrleansAiFleet.Detections;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>
/// Books frames per deployment and window and hands them to the store every 200 ms, detections and the totals that count
/// them in one batch: whatever is stored, a window's total is the number of its detections stored.
/// </summary>
/// <remarks>
/// At every moment decoded = inferred + skipped + in flight. Where <see cref="InferredAsync"/> is cancelled nothing was
/// booked: book the frame as skipped then.
/// </remarks>
internal sealed partial class FrameLedger : BackgroundService, IFrameLedger
{
    private static readonly TimeSpan RetireAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan SaidEvery = TimeSpan.FromMinutes(1);

    private readonly FrameLedgerOptions _options;
    private readonly Func<FrameBatch, CancellationToken, ValueTask> _write;
    private readonly TimeProvider _time;
    private readonly ILogger<FrameLedger> _logger;
    private readonly InFlightLedgerFile _inFlight;
    private readonly ConcurrentDictionary<Guid, DeploymentBook> _books = new();
    private readonly Channel<bool> _wake =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SemaphoreSlim _flushing = new(1, 1);
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FrameBatch? _unsent;
    private long _pending;
    private long _droppedUpToTicks;
    private long? _failureSaidAt;

    /// <param name="folder">Where the frames in flight are counted.</param>
    /// <param name="write">Takes a batch over for the store; waits while the store is full.</param>
    /// <param name="options">Intervals and limits.</param>
    /// <param name="time">The worker's clock.</param>
    /// <param name="logger">Says when the store takes nothing.</param>
    public FrameLedger(
        JournalFolder folder,
        Func<FrameBatch, CancellationToken, ValueTask> write,
        IOptions<FrameLedgerOptions> options,
        TimeProvider time,
        ILogger<FrameLedger> logger)
    {
        (_options, _write, _time, _logger) = (options.Value, write, time, logger);
        _inFlight = new(folder, _options.InFlightWindows);
    }

    /// <summary>One life of this process.</summary>
    public Guid Reporter { get; } = Guid.NewGuid();

    public void Decoded(Guid deploymentId, DateTimeOffset frameTime)
    {
        while (!BookOf(deploymentId).TryDecode(frameTime))
        {
        }
    }

    public void Skipped(
        Guid deploymentId, DateTimeOffset frameTime, SkipReason reason, FrameError error = FrameError.None)
    {
        while (!BookOf(deploymentId).TrySkip(frameTime, reason, error))
        {
        }
    }

    public ValueTask InferredAsync(
        Guid deploymentId,
        DateTimeOffset frameTime,
        FrameOutcome outcome,
        double latencyMilliseconds,
        FoundObjects found,
        CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _pending) >= _options.PendingDetections)
        {
            return WaitAndBookAsync(
                deploymentId, frameTime, outcome, latencyMilliseconds, found, cancellationToken);
        }

        Infer(deploymentId, frameTime, outcome, latencyMilliseconds, found);
        return ValueTask.CompletedTask;
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _flushing.WaitAsync(cancellationToken);
        try
        {
            // What an earlier flush took and could not hand over goes first: it is nowhere else any more.
            await SendAsync(cancellationToken);
            _unsent = Take();
            await SendAsync(cancellationToken);
        }
        finally
        {
            _flushing.Release();
        }
    }

    /// <summary>Books a sample of the worker into the windows of the deployments at work now.</summary>
    public void Sample(ResourceSample sample)
    {
        foreach (var book in _books.Values)
        {
            book.Sample(sample);
        }
    }

    /// <summary>Forgets windows that are over and deployments that rest.</summary>
    public void DropOver()
    {
        foreach (var (deploymentId, book) in _books)
        {
            var droppedUpTo = book.DropOver(_options.Grace).UtcTicks;
            Volatile.Write(ref _droppedUpToTicks, Math.Max(droppedUpTo, Volatile.Read(ref _droppedUpToTicks)));
            if (book.TryRetire(RetireAfter))
            {
                _books.TryRemove(new(deploymentId, book));
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _inFlight.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = _time.CreateTimer(
            _ => _wake.Writer.TryWrite(true), null, _options.FlushInterval, _options.FlushInterval);
        try
        {
            await foreach (var _ in _wake.Reader.ReadAllAsync(stoppingToken))
            {
                await TryFlushAsync(stoppingToken);
                DropOver();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; StopAsync hands over what is left.
        }
    }

    private async Task TryFlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var now = _time.GetTimestamp();
            if (_failureSaidAt is not { } saidAt || _time.GetElapsedTime(saidAt, now) >= SaidEvery)
            {
                _failureSaidAt = now;
                LogFlushFailed(exception);
            }
        }
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        if (_unsent is { } batch)
        {
            await _write(batch, cancellationToken);
            _unsent = null;
            Interlocked.Add(ref _pending, -batch.Detections.Count);
            Interlocked.Exchange(ref _room, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    private FrameBatch? Take()
    {
        List<Detection> detections = [];
        List<OutgoingDetection> outgoing = [];
        List<WindowReport> reports = [];
        foreach (var book in _books.Values)
        {
            book.Take(detections, outgoing, reports);
        }

        return detections.Count + reports.Count == 0 ? null : new(detections, reports) { Outgoing = outgoing };
    }

    private async ValueTask WaitAndBookAsync(
        Guid deploymentId,
        DateTimeOffset frameTime,
        FrameOutcome outcome,
        double latencyMilliseconds,
        FoundObjects found,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var room = Volatile.Read(ref _room).Task;
            if (Volatile.Read(ref _pending) < _options.PendingDetections)
            {
                break;
            }

            _wake.Writer.TryWrite(true);
            await room.WaitAsync(cancellationToken);
        }

        Infer(deploymentId, frameTime, outcome, latencyMilliseconds, found);
    }

    private void Infer(
        Guid deploymentId,
        DateTimeOffset frameTime,
        FrameOutcome outcome,
        double latencyMilliseconds,
        FoundObjects found)
    {
        // Counted before they can be taken: the count may be too high for a moment, never negative.
        var pending = Interlocked.Add(ref _pending, found.Detections.Count);
        while (!BookOf(deploymentId).TryInfer(frameTime, outcome, latencyMilliseconds, found))
        {
        }

        if (pending >= _options.FlushDetections)
        {
            _wake.Writer.TryWrite(true);
        }
    }

    private DeploymentBook BookOf(Guid deploymentId) =>
        _books.TryGetValue(deploymentId, out var book)
            ? book
            : _books.GetOrAdd(
                deploymentId,
                static (id, ledger) => ledger.Open(id),
                this);

    // A retired book took along which windows it had forgotten: its successor counts as late for all of them.
    private DeploymentBook Open(Guid deploymentId) =>
        new(deploymentId, Reporter, _inFlight, new(Volatile.Read(ref _droppedUpToTicks), TimeSpan.Zero), _time);

    [LoggerMessage(LogLevel.Error, "Booked detections cannot be handed to the store; they wait in memory")]
    private partial void LogFlushFailed(Exception exception);
}
