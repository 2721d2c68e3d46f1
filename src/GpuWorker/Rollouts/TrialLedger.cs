using System.Collections.Concurrent;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Storage.Rollouts;

namespace OrleansAiFleet.GpuWorker.Rollouts;

/// <summary>
/// The books of all rollouts on this worker: hands the slots that are over and what shadows found to the database four times a second.
/// </summary>
/// <remarks>
/// What is measured decides about a model and alarms nobody: while the database is away, what no longer fits into memory is dropped, and
/// the log says how much. An analysis without data says so.
/// </remarks>
internal sealed partial class TrialLedger(ITrialWriter writer, TimeProvider time, ILogger<TrialLedger> logger) : BackgroundService
{
    private const int MostDetections = 50_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<TrialBook, bool> _books = new();
    private readonly ConcurrentQueue<ShadowDetection> _found = new();
    private readonly SemaphoreSlim _flushing = new(1, 1);
    private readonly List<TrialSample> _samples = [];
    private readonly List<ShadowDetection> _detections = [];
    private long _dropped;
    private bool _failing;

    /// <summary>Samples that wait in memory at most.</summary>
    public int MostSamples { get; init; } = 20_000;

    /// <summary>A book for one deployment on one camera; whoever opens it closes it.</summary>
    public TrialBook Open(CameraTrial trial, Guid cameraId, Guid deploymentId, TrialPair pair)
    {
        var book = new TrialBook(trial, cameraId, deploymentId, pair, time);
        pair.Join(deploymentId, book);
        _books[book] = true;
        return book;
    }

    /// <summary>What a version found unseen.</summary>
    public void Keep(Guid rolloutId, IReadOnlyList<Detection> found)
    {
        foreach (var detection in found)
        {
            if (_found.Count >= MostDetections)
            {
                Interlocked.Increment(ref _dropped);
                continue;
            }

            _found.Enqueue(new(rolloutId, detection));
        }
    }

    /// <summary>Hands over what there is.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database is away; nothing is lost by that alone.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _flushing.WaitAsync(cancellationToken);
        try
        {
            Collect();
            if (_samples.Count + _detections.Count > 0)
            {
                await writer.WriteAsync(_samples, _detections, cancellationToken);
                _samples.Clear();
                _detections.Clear();
            }
        }
        finally
        {
            _flushing.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlushAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _flushing.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryFlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // StopAsync hands over what is left.
        }
    }

    private void Collect()
    {
        foreach (var book in _books.Keys)
        {
            var isDone = book.IsDone;
            book.Take(_samples);
            if (isDone)
            {
                _books.TryRemove(book, out _);
            }
        }

        if (_samples.Count > MostSamples)
        {
            Interlocked.Add(ref _dropped, _samples.Count - MostSamples);
            _samples.RemoveRange(0, _samples.Count - MostSamples);
        }

        while (_detections.Count < MostDetections && _found.TryDequeue(out var found))
        {
            _detections.Add(found);
        }
    }

    private async Task TryFlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken);
            _failing = false;
            if (Interlocked.Exchange(ref _dropped, 0) is var dropped and > 0)
            {
                LogDropped(dropped);
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_failing)
            {
                LogNotWritten(failure);
            }

            _failing = true;
        }
    }

    [LoggerMessage(LogLevel.Error, "What is measured for rollouts cannot be stored; it waits in memory")]
    private partial void LogNotWritten(Exception failure);

    [LoggerMessage(LogLevel.Warning, "{Count} samples and detections of rollouts were dropped while the database was away")]
    private partial void LogDropped(long count);
}
