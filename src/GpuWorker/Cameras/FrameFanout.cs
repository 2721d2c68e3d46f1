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
    private volatile SubscriptionLane[] _lanes = [];
    private Camera? _camera;
    private Func<VideoFrame, bool>? _gateOfMotion;
    private MotionSettings? _motion;
    private long _number;
    private bool _closed;

    /// <summary>Raised when a frame arrived.</summary>
    public event Action? Arrived;

    /// <summary>What keeps models from serving, or null.</summary>
    public string? Problem => _lanes.Select(lane => lane.Problem).FirstOrDefault(problem => problem is not null);

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
            var old = _lanes.ToDictionary(lane => lane.DeploymentId);
            _camera = plan.Camera;
            _lanes =
            [
                .. plan.Subscriptions.DistinctBy(wanted => wanted.DeploymentId).Select(wanted =>
                {
                    if (moved || !old.Remove(wanted.DeploymentId, out var lane))
                    {
                        return new SubscriptionLane(plan.Camera, wanted, parts, counters, live);
                    }

                    lane.Apply(wanted);
                    return lane;
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

        foreach (var lane in _lanes)
        {
            await lane.OfferAsync(frame, camera.Pace, cancellationToken);
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
        Task.WhenAll(_lanes.Select(lane => lane.DrainAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        SubscriptionLane[] lanes;
        Task[] closing;
        lock (_gate)
        {
            _closed = true;
            (lanes, _lanes) = (_lanes, []);
            closing = [.. _closing];
        }

        await Task.WhenAll([.. lanes.Select(lane => lane.DisposeAsync().AsTask()), .. closing]);
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
        foreach (var lane in _lanes)
        {
            lane.Skip(time, reason, frames);
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
}
