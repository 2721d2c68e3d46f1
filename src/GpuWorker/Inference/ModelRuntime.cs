using OrleansAiFleet.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>
/// One model version on this worker: a session, the instances that run it, and the queue before them. Serves every
/// deployment and camera of that version.
/// </summary>
internal sealed partial class ModelRuntime : IAsyncDisposable
{
    // Fine enough for time-outs of tens of milliseconds; a free instance looks itself.
    private static readonly TimeSpan ExpiryInterval = TimeSpan.FromMilliseconds(50);

    private readonly OnnxSession _session;
    private readonly BatchFormer _batches;
    private readonly ModelInstance[] _instances;
    private readonly RuntimeStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly ITimer _expiry;
    private readonly ILogger _logger;
    private int _disposed;

    /// <summary>Takes the session over and starts the instances.</summary>
    public ModelRuntime(
        ModelReference model,
        OnnxSession session,
        RuntimePlan plan,
        Func<IFrameCodec> createCodec,
        InferenceOptions options,
        TimeProvider time,
        ILogger logger)
    {
        (Model, _session, Plan, _time, _logger) = (model, session, plan, time, logger);
        _statistics = new RuntimeStatistics((exception, count) => LogFailure(exception, model.DisplayName, count));
        _statistics.Expect(plan.MillisecondsPerFrame);
        _batches = new BatchFormer(
            new QueueLimits(options.QueueFrames, options.QueueBytes, options.MaxFramesPerCamera), options.BatchDelay, time);
        _instances = [.. Enumerable.Range(0, plan.Instances).Select(i => new ModelInstance(
            ThreadName(model.ModelId, i),
            _batches,
            session.Allocate(plan.Input, plan.MaximumBatch),
            createCodec(),
            _statistics,
            time))];
        foreach (var instance in _instances)
        {
            instance.Start();
        }

        _expiry = time.CreateTimer(static state => ((BatchFormer)state!).Expire(), _batches, ExpiryInterval, ExpiryInterval);
    }

    public ModelReference Model { get; }

    public RuntimePlan Plan { get; }

    /// <summary>Frames waiting.</summary>
    public int Pending => _batches.Count;

    /// <summary>How long a frame that comes now will wait, by the measured pace.</summary>
    public TimeSpan ExpectedWait =>
        TimeSpan.FromMilliseconds(Pending * _statistics.MillisecondsPerFrame / _instances.Length);

    public ModelRuntimeStatus Status =>
        _statistics.ToStatus(Model.ModelId, _instances.Length, Plan.MaximumBatch, Pending, _batches.OldestMilliseconds);

    /// <summary>Name of an instance's thread: the system shows its first 15 characters.</summary>
    public static string ThreadName(Guid modelId, int instance) => $"infer-{modelId.ToString("N")[..6]}-{instance}";

    /// <summary>See <see cref="IModelLease.InferAsync"/>; never spills.</summary>
    public ValueTask<FrameOutcome> InferAsync(
        VideoFrame frame, FrameRequest request, CancellationToken cancellationToken)
    {
        var now = _time.GetTimestamp();
        var pending = new PendingFrame(frame, request, now, Deadline(now, request.Timeout));
        var outcome = pending.Outcome;
        if (cancellationToken.CanBeCanceled)
        {
            pending.Cancellation = cancellationToken.UnsafeRegister(
                static (state, _) => ((Waiting)state!).Cancel(), new Waiting(_batches, pending));
        }

        _batches.Add(pending);

        // The token may have fired before there was anything to cancel.
        if (cancellationToken.IsCancellationRequested)
        {
            _batches.Cancel(pending);
        }

        return outcome;
    }

    /// <summary>Completes what waits as stopped, lets the batches under way end, and gives the memory back. Idempotent.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _expiry.DisposeAsync();
            _batches.Stop();
            await Task.WhenAll(_instances.Select(instance => instance.Ended));
            _session.Dispose();
        }
    }

    private long Deadline(long now, TimeSpan timeout) => timeout == Timeout.InfiniteTimeSpan
        ? long.MaxValue
        : now + (long)Math.Min(timeout.TotalSeconds * _time.TimestampFrequency, long.MaxValue / 2);

    private sealed record Waiting(BatchFormer Batches, PendingFrame Frame)
    {
        public void Cancel() => Batches.Cancel(Frame);
    }

    [LoggerMessage(LogLevel.Warning, "Model {Model}: frame number {Count} failed; the next report comes after a hundred more")]
    private partial void LogFailure(Exception exception, string model, long count);
}

/// <summary>How a model version is run here, as warm-up measured it.</summary>
/// <param name="Input">What the pictures become.</param>
/// <param name="Instances">Threads.</param>
/// <param name="MaximumBatch">Most frames per run.</param>
/// <param name="MillisecondsPerFrame">Measured at that batch size, of the run alone.</param>
internal sealed record RuntimePlan(InputSpec Input, int Instances, int MaximumBatch, double MillisecondsPerFrame);
