using OrleansAiFleet.Detections;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>
/// Totals of one window of one deployment in this process. Decoded = inferred + skipped + in flight, at every moment.
/// For one thread at a time.
/// </summary>
internal sealed class WindowBook(WindowKey window, Guid reporter, InFlightSlot? inFlight)
{
    private readonly long[] _skipped = new long[Enum.GetValues<SkipReason>().Length];
    private readonly long[] _errors = new long[Enum.GetValues<FrameError>().Length];
    private readonly LatencyRecorder _inferenceTime = new();
    private readonly LatencyRecorder _latency = new();
    private long _sequence;
    private long _decoded;
    private long _completed;
    private long _inferred;
    private long _detections;
    private double _confidence;
    private double _queue;
    private double _preprocess;
    private double _postprocess;
    private Gauge _cpu;
    private Gauge _memory;
    private Gauge _gpu;
    private Gauge _gpuMemory;
    private long _diskRead;
    private long _diskWrite;

    public WindowKey Window => window;

    /// <summary>Something was booked that no report says yet.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Frames are decoded that are neither inferred nor skipped yet.</summary>
    public bool IsInFlight => _decoded != _completed;

    /// <summary>When a frame was booked last, by the worker's clock.</summary>
    public DateTimeOffset BookedAt { get; private set; }

    public void Decode(DateTimeOffset now)
    {
        _decoded++;
        Touch(now);
    }

    public void Skip(SkipReason reason, FrameError error, DateTimeOffset now)
    {
        _skipped[(int)reason]++;
        // A frame that ran out of time counts as a time-out whether or not a step of it did.
        _errors[(int)(reason == SkipReason.TimedOut && error == FrameError.None ? FrameError.Timeout : error)]++;
        _completed++;
        Touch(now);
    }

    public void Infer(
        FrameOutcome outcome, double latencyMilliseconds, IReadOnlyList<Detection> detections, DateTimeOffset now)
    {
        _inferred++;
        _completed++;
        _inferenceTime.Record(Duration(outcome.InferMilliseconds));
        _latency.Record(Duration(latencyMilliseconds));
        _queue += Duration(outcome.QueueMilliseconds);
        _preprocess += Duration(outcome.PreprocessMilliseconds);
        _postprocess += Duration(outcome.PostprocessMilliseconds);
        _detections += detections.Count;
        for (var i = 0; i < detections.Count; i++)
        {
            _confidence += float.IsFinite(detections[i].Confidence) ? detections[i].Confidence : 0;
        }

        Touch(now);
    }

    public void Sample(ResourceSample sample)
    {
        _cpu = sample.CpuPercent is { } cpu ? _cpu.With(cpu) : _cpu;
        _memory = _memory.With(sample.MemoryBytes);
        _gpu = sample.GpuPercent is { } gpu ? _gpu.With(gpu) : _gpu;
        _gpuMemory = sample.GpuMemoryBytes is { } memory ? _gpuMemory.With(memory) : _gpuMemory;
        _diskRead += sample.DiskReadBytes;
        _diskWrite += sample.DiskWriteBytes;
        IsDirty = true;
    }

    /// <summary>All that was booked so far, as the next report.</summary>
    public WindowReport Report()
    {
        IsDirty = false;
        return new()
        {
            Window = window,
            Reporter = reporter,
            Sequence = ++_sequence,
            Totals = new()
            {
                FramesDecoded = _decoded,
                FramesInferred = _inferred,
                FramesSkipped = [.. _skipped],
                Detections = _detections,
                ConfidenceSum = _confidence,
                InferenceTime = _inferenceTime.ToSketch(),
                Latency = _latency.ToSketch(),
                QueueMillisecondsSum = _queue,
                PreprocessMillisecondsSum = _preprocess,
                PostprocessMillisecondsSum = _postprocess,
                PreprocessingErrors = _errors[(int)FrameError.Preprocessing],
                InferenceErrors = _errors[(int)FrameError.Inference],
                PostprocessingErrors = _errors[(int)FrameError.Postprocessing],
                TimeoutErrors = _errors[(int)FrameError.Timeout],
                MemoryErrors = _errors[(int)FrameError.Memory],
                CpuPercent = _cpu,
                MemoryBytes = _memory,
                GpuPercent = _gpu,
                GpuMemoryBytes = _gpuMemory,
                DiskReadBytes = _diskRead,
                DiskWriteBytes = _diskWrite,
            },
        };
    }

    /// <summary>The window is done with.</summary>
    public void Close() => inFlight?.Close();

    private void Touch(DateTimeOffset now)
    {
        inFlight?.Store(_decoded, _completed);
        BookedAt = now;
        IsDirty = true;
    }

    // One clock that jumped must not make a window's sums unusable.
    private static double Duration(double milliseconds) =>
        double.IsFinite(milliseconds) ? Math.Max(0, milliseconds) : 0;
}
