using Orleans.Services;

using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Inference;

/// <summary>
/// The inference side of one worker silo: owns its sessions and its accelerator's memory and lives as long as the silo.
/// Camera grains on the silo call the runtime beside them straight; this interface serves other silos.
/// </summary>
[Alias("Fleet.IInferenceService")]
public interface IInferenceService : IGrainService
{
    /// <summary>What this worker has and does now.</summary>
    [Alias("GetStatus")]
    Task<WorkerStatus> GetStatus(CancellationToken cancellationToken = default);

    /// <summary>Infers one frame that spilled over from another worker. Loads the model if it is not loaded here.</summary>
    [Alias("Infer"), ResponseTimeout("00:00:10")]
    Task<SpilledFrameResult> Infer(SpilledFrame frame, CancellationToken cancellationToken = default);

    /// <summary>
    /// Decodes and infers one picture from outside, after alarms and live cameras. Loads the model if it is not loaded here, and
    /// waits for that. Never faults for the picture's sake.
    /// </summary>
    [Alias("InferPicture"), ResponseTimeout("01:01:00")]
    Task<InferredPicture> InferPicture(PictureToInfer picture, CancellationToken cancellationToken = default);

    /// <summary>Frames waiting for this model version here, or -1 where it is not loaded.</summary>
    [Alias("GetPending"), ResponseTimeout("00:00:02")]
    Task<int> GetPending(Guid modelId, CancellationToken cancellationToken = default);

    /// <summary>What it is to hold from now on. Models are loaded and let go beside the call.</summary>
    /// <param name="revision">Of the instances: equal ones say the same.</param>
    /// <param name="instances">Null: those of that revision, which it has.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>False where it has not: say it again in full.</returns>
    [Alias("Hold"), ResponseTimeout("00:00:05")]
    Task<bool> Hold(string revision, WorkerInstances? instances, CancellationToken cancellationToken = default);

    /// <summary>
    /// Has frames of a deployment's cameras here run under other settings as well, unseen, and measures that. One at a time. Never faults for
    /// the settings' sake, and ends early where live frames begin to wait.
    /// </summary>
    [Alias("Measure"), ResponseTimeout("00:02:00")]
    Task<ConfigurationMeasurement> Measure(ConfigurationTrial trial, CancellationToken cancellationToken = default);
}
