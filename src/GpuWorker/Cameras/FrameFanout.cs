using OrleansAiFleet.Cameras;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>
/// Gives one camera's frames to every deployment that looks at it: numbers and stamps them, asks the motion gate once, and
/// offers them lane by lane. Lanes come and go while frames flow.
/// </summary>
internal sealed class FrameFanout(StreamParts parts, StreamCounters counters, LiveView live) : IFrameSink, IAsyncDisposable
{
    private readonly FrameClock _clock = new(parts.Time);
    private readonly Lock _gate = new();
    private readonly List<Task> _closing = [];
    private volatile Route[] _routes = [];
    private Camera? _camera;
    private Func<VideoFrame, bool>? _gateOfMotion;
    private MotionSettings? _motion;
    private long _number;
    private bool _closed;

    /// <summary>Raised when a frame arrived.</summary>
    public event Action? Arrived;

    /// <summary>What keeps models from serving, or null.</summary>
    public string? Problem => _routes.Select(route => route.Lane.Problem).FirstOrDefault(problem => problem is not null);

    /// <summary>Deployments whose model is loaded, and those of them that get the frames.</summary>
    public (Guid[] Ready, Guid[] Live) Deployments
    {
        get
        {
            var ready = _routes.Where(route => route.Lane.IsReady).ToArray();
            return (
                [.. ready.Select(route => route.Lane.DeploymentId)],
                [.. ready.Where(route => route.IsLive).Select(route => route.Lane.DeploymentId)]);
        }
    }

    /// <summary>Makes the lanes those of the plan. Lanes that stay keep their frames, tracks and model.</summary>
    public void Apply(CameraPlan plan)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            // Lanes outlive the call that brought the plan and must not carry that call's context along.
            using var _ = ExecutionContext.SuppressFlow();
            var moved = _camera is { } before && before.SiteId != plan.Camera.SiteId;
            var old = _routes.ToDictionary(route => route.Lane.DeploymentId, route => route.Lane);
            _camera = plan.Camera;

            // In one piece: a frame goes by the routes of before or by those of now, and never by none.
            _routes =
            [
                .. plan.Subscriptions.DistinctBy(wanted => wanted.DeploymentId).Select(wanted =>
                {
                    if (moved || !old.Remove(wanted.DeploymentId, out var lane))
                    {
                        return new Route(new(plan.Camera, wanted, parts, counters, live), wanted.Mode == SubscriptionMode.Live);
                    }

                    lane.Apply(wanted);
                    return new(lane, wanted.Mode == SubscriptionMode.Live);
                }),
            ];
            _closing.RemoveAll(task => task.IsCompleted);
            _closing.AddRange(old.Values.Select(lane => Task.Run(async () => await lane.DisposeAsync())));
        }
    }

    public void Connected(MediaDescription description) => counters.Connected(description.Fps);

    public async ValueTask TakeAsync(VideoFrame frame, CancellationToken cancellationToken)
    {
        frame.Number = _number++;
        frame.Time = _clock.Next();
        counters.Decoded(1, frame.Time);
        Arrived?.Invoke();

        var camera = _camera!;
        if (!Moves(camera, frame))
        {
            SkipAll(frame.Time, SkipReason.NoMotion, 1);
            return;
        }

        foreach (var (lane, isLive) in _routes)
        {
            if (isLive)
            {
                await lane.OfferAsync(frame, camera.Pace, cancellationToken);
            }
        }
    }

    public void LeftOut(long frames, SkipReason reason)
    {
        if (frames > 0)
        {
            var now = _clock.Next();
            counters.Decoded(frames, now);
            SkipAll(now, reason, frames);
        }
    }

    /// <summary>Waits until every frame taken so far is settled with every deployment.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_routes.Select(route => route.Lane.DrainAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        Route[] routes;
        Task[] closing;
        lock (_gate)
        {
            _closed = true;
            (routes, _routes) = (_routes, []);
            closing = [.. _closing];
        }

        await Task.WhenAll([.. routes.Select(route => route.Lane.DisposeAsync().AsTask()), .. closing]);
        await FlushAsync();
    }

    private bool Moves(Camera camera, VideoFrame frame)
    {
        if (camera.SamplingMode == SamplingMode.Fps)
        {
            _gateOfMotion = null;
            return true;
        }

        var settings = new MotionSettings(camera.MotionThreshold, camera.MotionMinimumAreaPercent);
        if (_gateOfMotion is null || settings != _motion)
        {
            (_gateOfMotion, _motion) = (parts.Vision.MotionGate(settings), settings);
        }

        return _gateOfMotion(frame);
    }

    private void SkipAll(DateTimeOffset time, SkipReason reason, long frames)
    {
        foreach (var (lane, isLive) in _routes)
        {
            if (isLive)
            {
                lane.Skip(time, reason, frames);
            }
        }
    }

    // What was booked last belongs to the database before the stream is gone; a store that is behind has its own journal.
    private async Task FlushAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            await parts.Ledger.FlushAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The ledger's own clock sends it a moment later.
        }
    }

    /// <param name="Lane">A deployment that looks at the camera.</param>
    /// <param name="IsLive">Whether it gets the frames; its model stands by otherwise.</param>
    private readonly record struct Route(SubscriptionLane Lane, bool IsLive);
}
