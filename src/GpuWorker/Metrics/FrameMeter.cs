using System.Diagnostics.Metrics;

using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>
/// Counts what is booked into the ledger behind it as metrics of this worker, per deployment: frames by what became of
/// them, and the time that they took by stage in Triton's cut.
/// </summary>
internal sealed class FrameMeter : IFrameLedger, IDisposable
{
    public const string Name = "OrleansAiFleet.GpuWorker";

    private readonly IFrameLedger _ledger;
    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _decoded;
    private readonly Counter<long> _inferred;
    private readonly Counter<long> _skipped;
    private readonly Counter<long> _spilled;
    private readonly Histogram<double> _latency;
    private readonly Histogram<double> _stages;

    /// <param name="ledger">Where frames are booked.</param>
    /// <param name="cameras">The streams of this worker.</param>
    public FrameMeter(IFrameLedger ledger, ICameraCount cameras)
    {
        _ledger = ledger;
        _decoded = _meter.CreateCounter<long>("fleet.frames.decoded", "{frame}", "Frames that arrived for a deployment");
        _inferred = _meter.CreateCounter<long>("fleet.frames.inferred", "{frame}", "Frames inferred");
        _skipped = _meter.CreateCounter<long>("fleet.frames.skipped", "{frame}", "Frames not inferred, by reason and failed stage");
        _spilled = _meter.CreateCounter<long>("fleet.frames.spilled", "{frame}", "Frames that another worker inferred");
        _latency = _meter.CreateHistogram<double>("fleet.frames.latency", "ms", "From a frame's arrival to its detections handed over");
        _stages = _meter.CreateHistogram<double>("fleet.frames.stage", "ms", "Time of a frame in a stage: queue, compute_input, compute_infer, compute_output");
        _meter.CreateObservableGauge("fleet.cameras.running", () => cameras.Running, "{camera}", "Camera streams of this worker");
    }

    public void Decoded(Guid deploymentId, DateTimeOffset frameTime)
    {
        _ledger.Decoded(deploymentId, frameTime);
        _decoded.Add(1, Of(deploymentId));
    }

    public void Skipped(Guid deploymentId, DateTimeOffset frameTime, SkipReason reason, FrameError error = FrameError.None)
    {
        _ledger.Skipped(deploymentId, frameTime, reason, error);
        _skipped.Add(1, Of(deploymentId), new("reason", Label(reason)), new("error", Label(error)));
    }

    public ValueTask InferredAsync(
        Guid deploymentId,
        DateTimeOffset frameTime,
        FrameOutcome outcome,
        double latencyMilliseconds,
        FoundObjects found,
        CancellationToken cancellationToken)
    {
        var booking = _ledger.InferredAsync(deploymentId, frameTime, outcome, latencyMilliseconds, found, cancellationToken);
        if (!booking.IsCompletedSuccessfully)
        {
            return WaitAsync(booking, deploymentId, outcome, latencyMilliseconds);
        }

        Inferred(deploymentId, outcome, latencyMilliseconds);
        return ValueTask.CompletedTask;
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => _ledger.FlushAsync(cancellationToken);

    public void Dispose() => _meter.Dispose();

    private async ValueTask WaitAsync(ValueTask booking, Guid deploymentId, FrameOutcome outcome, double latencyMilliseconds)
    {
        await booking;
        Inferred(deploymentId, outcome, latencyMilliseconds);
    }

    private void Inferred(Guid deploymentId, FrameOutcome outcome, double latencyMilliseconds)
    {
        var deployment = Of(deploymentId);
        _inferred.Add(1, deployment);
        if (outcome.Spilled)
        {
            _spilled.Add(1, deployment);
        }

        _latency.Record(latencyMilliseconds, deployment);
        _stages.Record(outcome.QueueMilliseconds, deployment, new("stage", "queue"));
        _stages.Record(outcome.PreprocessMilliseconds, deployment, new("stage", "compute_input"));
        _stages.Record(outcome.InferMilliseconds, deployment, new("stage", "compute_infer"));
        _stages.Record(outcome.PostprocessMilliseconds, deployment, new("stage", "compute_output"));
    }

    private static KeyValuePair<string, object?> Of(Guid deploymentId) => new("deployment_id", deploymentId);

    private static string Label(SkipReason reason) => reason switch
    {
        SkipReason.Sampling => "sampling",
        SkipReason.NoMotion => "no_motion",
        SkipReason.Superseded => "superseded",
        SkipReason.QueueFull => "queue_full",
        SkipReason.TimedOut => "timed_out",
        SkipReason.ModelNotReady => "model_not_ready",
        SkipReason.Failed => "failed",
        SkipReason.Stopped => "stopped",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    private static string Label(FrameError error) => error switch
    {
        FrameError.None => "none",
        FrameError.Preprocessing => "preprocessing",
        FrameError.Inference => "inference",
        FrameError.Postprocessing => "postprocessing",
        FrameError.Timeout => "timeout",
        FrameError.Memory => "memory",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, null),
    };
}
