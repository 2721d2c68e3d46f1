using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.GpuWorker.Deployments.Optimization;
using OrleansAiFleet.GpuWorker.Deployments.Scaling;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>
/// This worker's side of inference for other silos: its status, and frames that spill over to it. Owns nothing: the
/// repository beside it serves the worker's own cameras too.
/// </summary>
internal sealed class InferenceService(
    GrainId id,
    Silo silo,
    ILoggerFactory loggerFactory,
    ModelRepository models,
    PictureInference pictures,
    ConfigurationTrials trials,
    SessionFactory sessions,
    WorkerReadings readings,
    WorkerCapacity capacity,
    InstanceBook book,
    HeldModels held,
    TimeProvider time) : GrainService(id, silo, loggerFactory), IInferenceService
{
    // As many as may be on their way from two other workers.
    private readonly FramePool _frames = new(maximumRetainedBytes: 8L << 20);
    private readonly string _silo = silo.SiloAddress.ToParsableString();
    private readonly SiloAddress _address = silo.SiloAddress;

    public Task<WorkerStatus> GetStatus(CancellationToken cancellationToken = default) => Task.FromResult(new WorkerStatus
    {
        Silo = _silo,
        HostName = Environment.MachineName,
        ProcessId = Environment.ProcessId,
        ExecutionProvider = sessions.ExecutionProvider,
        CpuPercent = readings.Resources.CpuPercent,
        MemoryBytes = readings.Resources.MemoryBytes,
        Models = models.Statuses,
        Cameras = readings.Cameras.Running,
        JournaledBatches = readings.JournaledBatches(),
        Cores = capacity.Cores,
        RamBytes = capacity.RamBytes,
        GpuMemoryBytes = capacity.GpuMemoryBytes,
    });

    public async Task<SpilledFrameResult> Infer(SpilledFrame frame, CancellationToken cancellationToken = default)
    {
        var started = time.GetTimestamp();
        var serves = book.WorkersOf(frame.Model.ModelId)?.Contains(_address) is not false;
        await using var lease = models.TryAcquireLoaded(frame.Model, loads: serves);
        if (lease is null)
        {
            return new SpilledFrameResult { Skipped = SkipReason.ModelNotReady };
        }

        if (SpilledFrames.ToFrame(frame, _frames) is not { } picture)
        {
            return new SpilledFrameResult { Skipped = SkipReason.Failed };
        }

        try
        {
            picture.ArrivedAt = started;
            return SpilledFrames.ToResult(
                await lease.InferAsync(picture, SpilledFrames.ToRequest(frame), cancellationToken));
        }
        finally
        {
            picture.Release();
        }
    }

    public Task<InferredPicture> InferPicture(PictureToInfer picture, CancellationToken cancellationToken = default) =>
        pictures.InferAsync(picture, cancellationToken);

    public Task<ConfigurationMeasurement> Measure(ConfigurationTrial trial, CancellationToken cancellationToken = default) =>
        trials.MeasureAsync(trial, cancellationToken);

    public Task<int> GetPending(Guid modelId, CancellationToken cancellationToken = default) =>
        Task.FromResult(models.Pending(modelId));

    public Task<bool> Hold(string revision, WorkerInstances? instances, CancellationToken cancellationToken = default)
    {
        var isTaken = book.Take(revision, instances);
        if (instances is not null)
        {
            held.Want(instances.Held);
        }
        else if (isTaken)
        {
            held.Repeat();
        }

        return Task.FromResult(isTaken);
    }
}
