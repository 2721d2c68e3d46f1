using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using Orleans.Storage;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Metrics;

/// <summary>
/// Owns the row of one window in <c>model_performance_metrics</c>. Workers report to it and have stored each report
/// before: what is only in memory here can be lost with the silo, the sweeper settles the window from the stored reports.
/// </summary>
// Longer than a window and its grace, so that a window with reports closes itself.
[GrainType("metrics-window"), CollectionAgeLimit("00:10:00")]
internal sealed partial class MetricsWindowGrain(
    [PersistentState(StateNames.MetricsWindow, StateNames.Provider)] IPersistentState<MetricsWindow> state,
    IOptions<MetricsOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<MetricsWindowGrain> logger) : Grain, IMetricsWindowGrain
{
    private readonly WindowReports _reports = new();
    private WindowKey _key;
    private IGrainTimer? _timer;
    private DateTimeOffset _nextWrite;
    private bool _unwritten;
    private bool _failing;

    private bool IsClosed => state.State.Row?.ClosedAt is not null;

    private bool IsDue => time.GetUtcNow() >= WindowPolicy.ClosesAt(_key, options.Value.CloseGrace);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = WindowKey.Parse(this.GetPrimaryKeyString());

        // A closed row is left alone: whether later reports must amend it, the sweeper finds out.
        _unwritten = _reports.Take(state.State.Reports) && !IsClosed;
        _nextWrite = time.GetUtcNow() + options.Value.WriteInterval;
        _timer = this.RegisterGrainTimer(
            static (grain, _) => grain.BringUpToDate(),
            this,
            new GrainTimerCreationOptions
            {
                DueTime = Timeout.InfiniteTimeSpan,
                Period = Timeout.InfiniteTimeSpan,
                KeepAlive = true,
            });
        Arm();
        return Task.CompletedTask;
    }

    public Task Report(WindowReport report)
    {
        if (report.Window != _key)
        {
            throw Refusal.Invalid("window", $"A report for window {report.Window} was sent to window {_key}.").ToException();
        }

        if (_reports.Take(report))
        {
            _unwritten = true;
            Arm();
        }

        return Task.CompletedTask;
    }

    public async Task Settle()
    {
        await ReadReports();
        if (!_reports.IsEmpty || state.State.Row is not null)
        {
            // Also where nothing new was found: the time of calculation tells the sweeper that the reports were seen.
            await Write(close: IsDue);
        }

        Arm();
    }

    public Task<PerformanceMetrics?> Get() =>
        Task.FromResult(_reports.IsEmpty ? state.State.Row : Calculate(close: false));

    private async Task BringUpToDate()
    {
        try
        {
            if (IsDue && !IsClosed)
            {
                await Settle();
            }
            else if (_unwritten)
            {
                await Write(close: false);
            }

            _failing = false;
        }
        catch (InconsistentStateException failure)
        {
            LogContested(failure, _key);
            DeactivateOnIdle();
            return;
        }
        catch (Exception failure)
        {
            // Once per outage: the row is tried again at every interval.
            if (!_failing)
            {
                LogNotWritten(failure, _key);
            }

            _failing = true;
            _nextWrite = time.GetUtcNow() + options.Value.WriteInterval;
        }

        Arm();
    }

    private async Task ReadReports()
    {
        await state.ReadStateAsync();
        _unwritten |= _reports.Take(state.State.Reports);
    }

    private async Task Write(bool close)
    {
        try
        {
            await WriteOnce(close);
        }
        catch (InconsistentStateException)
        {
            // Another activation wrote: take its reports and row in, and write what both know.
            await ReadReports();
            await WriteOnce(close);
        }
    }

    private async Task WriteOnce(bool close)
    {
        var before = state.State;
        var row = Calculate(close);
        _unwritten = false;
        state.State = before with { Row = row };
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State = before;
            _unwritten = true;
            throw;
        }

        _nextWrite = time.GetUtcNow() + options.Value.WriteInterval;
        if (before.Row?.ClosedAt is null && row.ClosedAt is not null)
        {
            LogClosed(_key, row.FramesDecoded, row.FramesInferred, row.FramesLost, row.TotalDetections ?? 0);
        }
    }

    // A row whose reports are gone from the store says what they said; nothing is calculated over it.
    private PerformanceMetrics Calculate(bool close)
    {
        var now = time.GetUtcNow();
        return _reports.IsEmpty && state.State.Row is { } kept
            ? kept with { ClosedAt = kept.ClosedAt ?? (close ? now.Stored() : null), CalculatedAt = now.Stored() }
            : WindowPolicy.Row(_key, _reports.Total(), state.State.Row, close, now);
    }

    // One timer for both: the next write that is owed, or the close, whichever comes first.
    private void Arm()
    {
        var now = time.GetUtcNow();
        var closes = WindowPolicy.ClosesAt(_key, options.Value.CloseGrace);
        DateTimeOffset? due = _unwritten ? _nextWrite : null;
        if (!IsClosed && !(_reports.IsEmpty && state.State.Row is null) && (due is null || closes < due))
        {
            due = closes > now || !_failing ? closes : _nextWrite;
        }

        var wait = due is null ? Timeout.InfiniteTimeSpan : due > now ? due.Value - now : TimeSpan.Zero;
        _timer!.Change(wait, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(LogLevel.Information,
        "Window {Window}: closed with {Decoded} frames decoded, {Inferred} inferred, {Lost} lost, {Detections} detections")]
    private partial void LogClosed(WindowKey window, long decoded, long inferred, long lost, int detections);

    [LoggerMessage(LogLevel.Warning, "Window {Window}: its row could not be written; it is tried again")]
    private partial void LogNotWritten(Exception failure, WindowKey window);

    [LoggerMessage(LogLevel.Warning, "Window {Window}: another activation writes it too; this one goes")]
    private partial void LogContested(Exception failure, WindowKey window);
}
