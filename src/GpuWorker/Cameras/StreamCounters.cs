using OrleansAiFleet.Cameras;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>Counts what one camera's stream does. Safe for many threads.</summary>
internal sealed class StreamCounters(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _startTimestamp = time.GetTimestamp();
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly RateWindow _decodedRate = new(time);
    private readonly RateWindow _inferredRate = new(time);
    private readonly LatencyWindow _latency = new(time);
    private readonly LastHour _reconnects = new(time);
    private readonly LastHour _stalls = new(time);
    private readonly SortedDictionary<SkipReason, long> _skipped = [];
    private long? _firstFrameTimestamp;
    private long _decoded;
    private long _inferred;
    private long _detections;
    private DateTimeOffset? _lastFrameAt;
    private double _expectedFps;

    /// <summary>A connection was made to a source of this many frames a second (0: it does not say).</summary>
    public void Connected(double fps)
    {
        lock (_gate)
        {
            _expectedFps = fps;
        }
    }

    public void Lost(bool stalled)
    {
        lock (_gate)
        {
            _reconnects.Add();
            if (stalled)
            {
                _stalls.Add();
            }
        }
    }

    public void Decoded(long frames, DateTimeOffset at)
    {
        lock (_gate)
        {
            _firstFrameTimestamp ??= time.GetTimestamp();
            _decoded += frames;
            _decodedRate.Add(frames);
            _lastFrameAt = at;
        }
    }

    public void Skipped(SkipReason reason, long frames = 1)
    {
        lock (_gate)
        {
            _skipped[reason] = _skipped.GetValueOrDefault(reason) + frames;
        }
    }

    public void Inferred(int detections, double latencyMilliseconds)
    {
        lock (_gate)
        {
            _inferred++;
            _detections += detections;
            _inferredRate.Add(1);
            _latency.Record(latencyMilliseconds);
        }
    }

    /// <summary>Fills in what is counted here.</summary>
    public CameraStatus Fill(CameraStatus status)
    {
        lock (_gate)
        {
            var fps = _decodedRate.PerSecond();
            var latency = _latency.ToSketch();
            var reconnects = _reconnects.Count();
            var age = time.GetElapsedTime(_startTimestamp);
            TimeSpan? delivering = _firstFrameTimestamp is { } first ? time.GetElapsedTime(first) : null;
            return status with
            {
                Grade = status.State is StreamState.Ended or StreamState.Stopped
                    ? CameraGrade.Unknown
                    : GradePolicy.Judge(new(age, delivering, fps, _expectedFps, reconnects, _stalls.Count())),
                FpsDecoded = fps,
                FpsInferred = _inferredRate.PerSecond(),
                FramesDecoded = _decoded,
                FramesInferred = _inferred,
                FramesSkipped = new(_skipped),
                Detections = _detections,
                LatencyP50Milliseconds = latency.Quantile(0.5),
                LatencyP95Milliseconds = latency.Quantile(0.95),
                LastFrameAt = _lastFrameAt,
                ReconnectsLastHour = reconnects,
                StartedAt = _startedAt,
            };
        }
    }
}
