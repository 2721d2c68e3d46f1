using Microsoft.Extensions.Options;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>
/// Tells window grains of reports that are stored, every window at most once per interval. The store has them already: a
/// call that fails is dropped, the next report or the settling of windows makes up for it.
/// </summary>
internal sealed partial class WindowPokes(
    IGrainFactory grains, IOptions<FrameLedgerOptions> options, TimeProvider time, ILogger<WindowPokes> logger)
    : BackgroundService
{
    private const int MostWindows = 10_000;
    private const int MostCalls = 16;
    private static readonly TimeSpan SaidEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Dictionary<(WindowKey Window, Guid Reporter), WindowReport> _reports = [];
    private long? _failureSaidAt;

    /// <summary>Notes the reports of a stored batch. Never waits.</summary>
    public void Note(FrameBatch batch)
    {
        lock (_gate)
        {
            foreach (var report in batch.Reports)
            {
                var key = (report.Window, report.Reporter);
                if (_reports.TryGetValue(key, out var noted) ? noted.Sequence < report.Sequence : _reports.Count < MostWindows)
                {
                    _reports[key] = report;
                }
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PokeInterval, time);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MostCalls, CancellationToken = stoppingToken };
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Parallel.ForEachAsync(Take(), parallel, async (report, _) => await TryPokeAsync(report));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; what was not told is settled from the store.
        }
    }

    private Dictionary<(WindowKey Window, Guid Reporter), WindowReport>.ValueCollection Take()
    {
        lock (_gate)
        {
            var taken = _reports;
            _reports = [];
            return taken.Values;
        }
    }

    private async Task TryPokeAsync(WindowReport report)
    {
        try
        {
            await grains.GetGrain<IMetricsWindowGrain>(report.Window.ToString()).Report(report);
        }
        catch (Exception exception)
        {
            LogThrottled(report.Window, exception);
        }
    }

    private void LogThrottled(WindowKey window, Exception exception)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_failureSaidAt is { } saidAt && time.GetElapsedTime(saidAt, now) < SaidEvery)
            {
                return;
            }

            _failureSaidAt = now;
        }

        LogPokeFailed(window, exception.Message);
    }

    [LoggerMessage(LogLevel.Warning, "Window {Window} could not be told of its stored report, others may follow: {Reason}")]
    private partial void LogPokeFailed(WindowKey window, string reason);
}
