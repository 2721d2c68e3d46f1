using OrleansAiFleet.Cameras;
using OrleansAiFleet.GpuWorker.Rollouts;
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
    private readonly Dictionary<Guid, TrialPair> _pairs = [];
    private readonly Dictionary<int, IntervalGate> _intervals = [];
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
            var routes = _routes;
            return (
                [.. routes.Where(route => route.Lane.IsReady).Select(route => route.Lane.DeploymentId)],
                [.. routes.Select(route => route.Taker).Where(lane => lane?.IsReady is true).Select(lane => lane!.DeploymentId)]);
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

            var wanted = plan.Subscriptions.DistinctBy(subscription => subscription.DeploymentId).ToArray();
            var lanes = wanted.ToDictionary(subscription => subscription.DeploymentId, subscription =>
            {
                if (moved || !old.Remove(subscription.DeploymentId, out var lane))
                {
                    return new SubscriptionLane(plan.Camera, subscription, PairOf(subscription), parts, counters, live);
                }

                lane.Apply(subscription, PairOf(subscription));
                return lane;
            });
            foreach (var over in _pairs.Keys.Where(rollout => wanted.All(subscription => subscription.Trial?.RolloutId != rollout)).ToList())
            {
                _pairs.Remove(over);
            }

            foreach (var unused in _intervals.Keys.Except(wanted.Select(subscription => subscription.IntervalSeconds)).ToList())
            {
                _intervals.Remove(unused);
            }

            var standIns = wanted.Where(subscription => subscription.StandsInFor is not null)
                .ToLookup(subscription => subscription.StandsInFor!.Value, subscription => lanes[subscription.DeploymentId]);

            // In one piece: a frame goes by the routes of before or by those of now, and never by none.
            _routes =
            [
                .. wanted.Select(subscription => new Route(
                    lanes[subscription.DeploymentId],
                    subscription.Mode,
                    GateOf(subscription.IntervalSeconds),
                    standIns[subscription.DeploymentId].FirstOrDefault(),
                    subscription.StandsInFor is { } live ? lanes.GetValueOrDefault(live) : null)),
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

        // Now from the front, now from the back: of two versions that are compared, none is always the one that waits.
        var routes = _routes;
        for (var i = 0; i < routes.Length; i++)
        {
            var route = routes[frame.Number % 2 == 0 ? i : routes.Length - 1 - i];
            if (camera.Pace == CameraPace.Live)
            {
                parts.Taps.Offer(route.Lane.DeploymentId, camera.Id, frame);
            }

            if (!route.Interval.IsDue(frame))
            {
                route.Taker?.Skip(frame.Time, SkipReason.Sampling);
            }
            else if (route.Taker is { } lane)
            {
                await lane.OfferAsync(frame, camera.Pace, isShadow: false, cancellationToken);
            }
            else if (route.LooksAlong)
            {
                await route.Lane.OfferAsync(frame, camera.Pace, isShadow: true, cancellationToken);
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

    private TrialPair? PairOf(CameraSubscription subscription)
    {
        if (subscription.Trial is not { RolloutId: var rollout })
        {
            return null;
        }

        if (!_pairs.TryGetValue(rollout, out var pair))
        {
            _pairs[rollout] = pair = new(rollout);
        }

        return pair;
    }

    // Shared by all deployments with the same interval: what is compared sees the same frames.
    private IntervalGate GateOf(int seconds)
    {
        if (!_intervals.TryGetValue(seconds, out var gate))
        {
            _intervals[seconds] = gate = new(TimeSpan.FromSeconds(seconds));
        }

        return gate;
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
        foreach (var route in _routes)
        {
            route.Taker?.Skip(time, reason, frames);
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
    /// <param name="Mode">Whether it is to get the frames, to look along, or to stand by.</param>
    /// <param name="Interval">Which frames it gets of those that come.</param>
    /// <param name="StandIn">Who gets them while it has no model; null: nobody.</param>
    /// <param name="Live">Whose frames it gets while that one has no model; null: nobody's.</param>
    private readonly record struct Route(
        SubscriptionLane Lane, SubscriptionMode Mode, IntervalGate Interval, SubscriptionLane? StandIn, SubscriptionLane? Live)
    {
        // A camera that changes over is not blind while a model is loaded, nor where it cannot be.
        public SubscriptionLane? Taker =>
            Mode != SubscriptionMode.Live ? null : !Lane.HasModel && StandIn is { HasModel: true } ? StandIn : Lane;

        // One that stands in gets the frame as its own.
        public bool LooksAlong => Mode == SubscriptionMode.Shadow && Lane.HasModel && Live is { HasModel: true };
    }
}
