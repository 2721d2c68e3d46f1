using OrleansAiFleet.Cameras;
using OrleansAiFleet.Detections;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Vision.Detections;

namespace OrleansAiFleet.GpuWorker.Rollouts;

/// <summary>
/// Sums what one deployment does on one camera for a rollout, slot by slot, each result in the slot in which it came. For many threads.
/// </summary>
internal sealed class TrialBook(CameraTrial trial, Guid cameraId, Guid deploymentId, TrialPair pair, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Guid _reporter = Guid.NewGuid();
    private readonly List<TrialSample> _closed = [];
    private readonly TrackLengths _tracks = new();
    private LatencyRecorder _latency = new();
    private TrialTotals _totals = TrialTotals.Empty;
    private long _slot = -1;
    private DateTimeOffset _since = time.GetUtcNow();

    public CameraTrial Trial => trial;

    /// <summary>Both sides' results on the same camera.</summary>
    public TrialPair Pair => pair;

    /// <summary>Nothing more is booked.</summary>
    public bool IsDone { get; private set; }

    public void Infer(long frame, DateTimeOffset frameTime, double latencyMilliseconds, IReadOnlyList<Detection> found)
    {
        var alike = pair.Match(deploymentId, frame, found);
        lock (_gate)
        {
            Turn(time.GetUtcNow());
            var (tracks, seconds) = _tracks.See(frameTime, found);
            _latency.Record(double.IsFinite(latencyMilliseconds) ? Math.Max(0, latencyMilliseconds) : 0);
            _totals = _totals with
            {
                FramesInferred = _totals.FramesInferred + 1,
                Detections = _totals.Detections + found.Count,
                ConfidenceSum = _totals.ConfidenceSum + found.Sum(detection => float.IsFinite(detection.Confidence) ? detection.Confidence : 0),
                EmptyFrames = _totals.EmptyFrames + (found.Count == 0 ? 1 : 0),
                Tracks = _totals.Tracks + tracks,
                TrackSeconds = _totals.TrackSeconds + seconds,
            };
        }

        if (alike is { } objects)
        {
            pair.Book(objects);
        }
    }

    /// <summary>A frame that was not inferred; only what the model was given and could not do counts.</summary>
    public void Fail(SkipReason reason, FrameError error)
    {
        var isTimeout = reason == SkipReason.TimedOut || error == FrameError.Timeout;
        if (!isTimeout && reason != SkipReason.Failed)
        {
            return;
        }

        lock (_gate)
        {
            Turn(time.GetUtcNow());
            _totals = isTimeout ? _totals with { Timeouts = _totals.Timeouts + 1 } : _totals with { Errors = _totals.Errors + 1 };
        }
    }

    /// <summary>Objects of a frame that both looked at.</summary>
    public void Book(ObjectAgreement objects)
    {
        lock (_gate)
        {
            Turn(time.GetUtcNow());
            _totals = _totals with
            {
                FramesPaired = _totals.FramesPaired + 1,
                ObjectsAlike = _totals.ObjectsAlike + objects.Alike,
                ObjectsFound = _totals.ObjectsFound + objects.Found,
            };
        }
    }

    /// <summary>Ends it; what it has is taken once more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            End(time.GetUtcNow());
            IsDone = true;
        }
    }

    /// <summary>The samples of the slots that are over, each once.</summary>
    public void Take(List<TrialSample> into)
    {
        lock (_gate)
        {
            if (!IsDone)
            {
                Turn(time.GetUtcNow());
            }

            into.AddRange(_closed);
            _closed.Clear();
        }
    }

    private void Turn(DateTimeOffset now)
    {
        var slot = (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.FromSeconds(trial.SlotSeconds).Ticks;
        if (slot == _slot)
        {
            return;
        }

        End(now);
        _slot = slot;
        var start = StartOf(slot);
        _since = _since > start ? _since : start;
    }

    // A slot in which no frame came says nothing: the camera was not watched.
    private void End(DateTimeOffset now)
    {
        if (_slot >= 0 && _totals != TrialTotals.Empty)
        {
            var end = StartOf(_slot + 1);
            var seconds = ((end < now ? end : now) - _since).TotalSeconds;
            _closed.Add(new()
            {
                RolloutId = trial.RolloutId,
                DeploymentId = deploymentId,
                CameraId = cameraId,
                Start = StartOf(_slot),
                Reporter = _reporter,
                Totals = _totals with { WatchedSeconds = Math.Max(0, seconds), Latency = _latency.ToSketch() },
            });
        }

        (_totals, _latency, _slot) = (TrialTotals.Empty, new(), -1);
    }

    private DateTimeOffset StartOf(long slot) => DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(slot * trial.SlotSeconds);
}
