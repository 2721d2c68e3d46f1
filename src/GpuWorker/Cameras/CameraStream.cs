using OrleansAiFleet.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>
/// Runs one camera to its plan: connects, gives frames to the deployments, reconnects, and says how it goes. Needs no
/// Orleans; <see cref="CameraStreamGrain"/> owns one.
/// </summary>
internal sealed partial class CameraStream : IAsyncDisposable
{
    private readonly StreamParts _parts;
    private readonly string _silo;
    private readonly ILogger _logger;
    private readonly StreamCounters _counters;
    private readonly LiveView _live;
    private readonly FrameFanout _fanout;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Task _running;
    private CancellationTokenSource _connection = new();
    private CameraPlan _plan;
    private StreamState _state = StreamState.Starting;
    private string? _problem;
    private Task? _disposing;

    public CameraStream(CameraPlan plan, string silo, StreamParts parts)
    {
        (_plan, _silo, _parts) = (plan, silo, parts);
        _logger = parts.Loggers.CreateLogger<CameraStream>();
        _counters = new(parts.Time);
        _live = new(parts.Time, parts.Blur);
        _fanout = new(parts, _counters, _live);
        _fanout.Arrived += () => Enter(StreamState.Running, null);
        _fanout.Apply(plan);
        parts.Running.Add();

        // The stream outlives the call that started it and must not carry that call's context along.
        using (ExecutionContext.SuppressFlow())
        {
            _running = Task.Run(RunAsync);
        }
    }

    /// <summary>Goes on to a changed plan. Only a change of what is decoded starts the source anew.</summary>
    public void Apply(CameraPlan plan)
    {
        CancellationTokenSource? restart = null;
        lock (_gate)
        {
            if (plan.Revision == _plan.Revision)
            {
                return;
            }

            if (!DecodedAs(plan).Equals(DecodedAs(_plan)))
            {
                (restart, _connection) = (_connection, new());
            }

            _plan = plan;
        }

        _fanout.Apply(plan);
        _ = restart?.CancelAsync();
    }

    public CameraStatus GetStatus()
    {
        lock (_gate)
        {
            var (ready, live) = _fanout.Deployments;
            return _counters.Fill(new()
            {
                CameraId = _plan.Camera.Id,
                SiteId = _plan.Camera.SiteId,
                Name = _plan.Camera.Name,
                Silo = _silo,
                PlanRevision = _plan.Revision,
                State = _state,
                Problem = _problem ?? _fanout.Problem,
                Ready = ready,
                Live = live,
            });
        }
    }

    public Task<LiveFrame?> GetLiveFrameAsync(long afterNumber, CancellationToken cancellationToken) =>
        _live.NextAsync(afterNumber, cancellationToken);

    /// <summary>Pictures drawn for people who watch.</summary>
    internal long PicturesDrawn => _live.Drawn;

    /// <summary>Stops decoding, settles the frames in flight and books the rest as stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposing ??= Task.Run(StopAsync);
        }

        await _disposing;
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _fanout.DisposeAsync();
        Enter(StreamState.Stopped, null);
        _parts.Running.Remove();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            var (camera, restart) = Current();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(restart, _stop.Token);
            try
            {
                var end = await PlayAsync(camera, either.Token);
                failures = end.Lasted >= ReconnectPolicy.GoodConnection ? 1 : failures + 1;
                await FollowAsync(end, camera, failures, either.Token);
                failures = end.Kind == ConnectionEndKind.Ended ? 0 : failures;
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested)
            {
                failures = 0;
                Enter(StreamState.Starting, null);
            }
        }
    }

    private async Task<ConnectionEnd> PlayAsync(Camera camera, CancellationToken cancellationToken)
    {
        try
        {
            return await new SourceConnection(camera, _plan.AllowedNetworks, _parts, _fanout).PlayAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The edge of the stream: whatever broke, the camera comes back and the log has the reason.
            LogBroken(camera.Id, camera.Name, problem);
            return new(ConnectionEndKind.Lost, 0, TimeSpan.Zero, "The stream broke by a fault of the worker; its log says more.");
        }
    }

    private async Task FollowAsync(ConnectionEnd end, Camera camera, int failures, CancellationToken cancellationToken)
    {
        if (end.Kind == ConnectionEndKind.Ended)
        {
            if (!camera.Loop)
            {
                await _fanout.DrainAsync(cancellationToken);
                Enter(StreamState.Ended, end.Problem);
                LogEnded(camera.Id, camera.Name, end.Frames);
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            return;
        }

        _counters.Lost(end.Kind == ConnectionEndKind.Stalled);
        Enter(StreamState.Reconnecting, end.Problem);
        var delay = ReconnectPolicy.Delay(
            failures,
            Random.Shared.NextDouble(),
            TimeSpan.FromSeconds(_parts.Options.ReconnectMinimumSeconds),
            TimeSpan.FromSeconds(_parts.Options.ReconnectMaximumSeconds));
        if (failures == 1)
        {
            LogLost(camera.Id, camera.Name, end.Problem, delay.TotalSeconds);
        }

        await Task.Delay(delay, _parts.Time, cancellationToken);
    }

    private (Camera Camera, CancellationToken Restart) Current()
    {
        lock (_gate)
        {
            return (_plan.Camera, _connection.Token);
        }
    }

    private void Enter(StreamState state, string? problem)
    {
        lock (_gate)
        {
            (_state, _problem) = (state, problem);
        }
    }

    private static object DecodedAs(CameraPlan plan) => (DecodedAs(plan.Camera), string.Join(' ', plan.AllowedNetworks));

    private static object DecodedAs(Camera camera) =>
        (camera.SourceUrl, camera.SourceCredentials, camera.WorkingSize, camera.SamplingMode == SamplingMode.Motion,
            camera.SamplingFps, camera.Pace, camera.Loop);

    [LoggerMessage(LogLevel.Information, "Camera {Camera} ({Name}) ended after {Frames} frames")]
    private partial void LogEnded(Guid camera, string name, long frames);

    [LoggerMessage(LogLevel.Warning, "Camera {Camera} ({Name}) was lost: {Problem} Next try in {Seconds} s")]
    private partial void LogLost(Guid camera, string name, string? problem, double seconds);

    [LoggerMessage(LogLevel.Error, "Camera {Camera} ({Name}) broke")]
    private partial void LogBroken(Guid camera, string name, Exception problem);
}
