using OrleansAiFleet.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>Counters of one model version since it was loaded. Times are sums over frames: what each of them waited.</summary>
/// <param name="onFirstFailure">Told the first exception and then one of every hundred: a broken model fails on every frame.</param>
internal sealed class RuntimeStatistics(Action<Exception, long> onFirstFailure)
{
    private const int FailuresPerReport = 100;

    // Weight of the newest batch: the rate follows a change of load within about ten batches.
    private const double Smoothing = 0.2;

    private readonly Lock _gate = new();
    private double _queue;
    private double _input;
    private double _infer;
    private double _output;
    private long _frames;
    private long _batches;
    private long _failures;
    private double _busy;
    private double _millisecondsPerFrame;

    /// <summary>Expected time of one instance for one frame, smoothed; 0 before the first batch.</summary>
    public double MillisecondsPerFrame
    {
        get
        {
            lock (_gate)
            {
                return _millisecondsPerFrame;
            }
        }
    }

    /// <summary>What warm-up measured: the expectation until batches have run.</summary>
    public void Expect(double millisecondsPerFrame)
    {
        lock (_gate)
        {
            _millisecondsPerFrame = millisecondsPerFrame;
        }
    }

    public void AddFrame(FrameOutcome outcome)
    {
        lock (_gate)
        {
            _frames++;
            _queue += outcome.QueueMilliseconds;
            _input += outcome.PreprocessMilliseconds;
            _infer += outcome.InferMilliseconds;
            _output += outcome.PostprocessMilliseconds;
        }
    }

    public void AddBatch(int frames, double milliseconds)
    {
        lock (_gate)
        {
            _batches++;
            _busy += milliseconds;
            var perFrame = milliseconds / frames;
            _millisecondsPerFrame = _millisecondsPerFrame == 0
                ? perFrame
                : _millisecondsPerFrame + (Smoothing * (perFrame - _millisecondsPerFrame));
        }
    }

    public void AddFailure(Exception exception)
    {
        var failures = Interlocked.Increment(ref _failures);
        if (failures % FailuresPerReport == 1)
        {
            onFirstFailure(exception, failures);
        }
    }

    public ModelRuntimeStatus ToStatus(Guid modelId, int instances, int maximumBatch, int pending, double oldestMilliseconds)
    {
        lock (_gate)
        {
            return new ModelRuntimeStatus
            {
                ModelId = modelId,
                Instances = instances,
                MaxBatchSize = maximumBatch,
                InferenceCount = _frames,
                ExecutionCount = _batches,
                Pending = pending,
                QueueMilliseconds = _queue,
                ComputeInputMilliseconds = _input,
                ComputeInferMilliseconds = _infer,
                ComputeOutputMilliseconds = _output,
                BusyMilliseconds = _busy,
                OldestMilliseconds = oldestMilliseconds,
            };
        }
    }
}
