using Microsoft.Extensions.Options;

using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Inference;

namespace OrleansAiFleet.GpuWorker.Deployments.Optimization;

/// <summary>
/// Tries settings on this worker's live frames: with a session of their own beside the one that serves, and for as long as the cameras
/// do not feel it. Nothing of what is found is kept.
/// </summary>
/// <param name="loader">Loads the model once more.</param>
/// <param name="models">The model as it serves.</param>
/// <param name="taps">Where the frames come from.</param>
/// <param name="longestWait">How long the live frame that waits longest has waited, in milliseconds.</param>
/// <param name="options">How this worker infers.</param>
/// <param name="cameras">How live cameras are treated.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where it says what it does.</param>
internal sealed partial class ConfigurationTrials(
    IModelLoader loader,
    IModelRepository models,
    ShadowTaps taps,
    Func<double> longestWait,
    IOptions<InferenceOptions> options,
    IOptions<CameraOptions> cameras,
    TimeProvider time,
    ILogger<ConfigurationTrials> logger) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    // Two would measure each other.
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>See <see cref="OrleansAiFleet.Inference.IInferenceService.Measure"/>.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<ConfigurationMeasurement> MeasureAsync(ConfigurationTrial trial, CancellationToken cancellationToken)
    {
        if (!await _one.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return Faulty(trial, TrialFault.Busy, "The worker tries other settings.");
        }

        try
        {
            await using var loaded = await loader.LoadAsync(trial.Model, cancellationToken);
            await using var reference = await models.AcquireAsync(trial.Reference, cancellationToken);
            return await RunAsync(trial, loaded.Runtime, reference, cancellationToken);
        }
        catch (ModelFaultException fault)
        {
            return Faulty(trial, TrialFault.Unusable, fault.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogFailed(failure, trial.Model.DisplayName, trial.DeploymentId);
            return Faulty(trial, TrialFault.WorkerLost, $"The model could not be loaded for it: {failure.Message}");
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<ConfigurationMeasurement> RunAsync(
        ConfigurationTrial trial, ModelRuntime runtime, IModelLease reference, CancellationToken cancellationToken)
    {
        var traffic = new TrialTraffic(trial, runtime, reference, cameras.Value.LiveCredits, time);
        var until = trial.Longest < Longest ? trial.Longest : Longest;
        var started = time.GetTimestamp();
        var haveWaited = false;
        ConfigurationMeasurement measured;
        var tap = taps.Open(trial.DeploymentId, traffic.Offer);
        try
        {
            while (!haveWaited && traffic.Settled < trial.Frames && time.GetElapsedTime(started) < until)
            {
                await Task.Delay(Glance, time, cancellationToken);
                haveWaited = longestWait() > options.Value.TrialEndsAtWait.TotalMilliseconds;
            }
        }
        finally
        {
            tap.Dispose();
            measured = await traffic.CloseAsync(cancellationToken);
        }

        LogMeasured(
            trial.Model.DisplayName, trial.Configuration.ToString(), measured.Inferred, measured.Frames, measured.LatencyP95Milliseconds, measured.BusyShare);
        return haveWaited
            ? measured with
            {
                Fault = TrialFault.CamerasWaited,
                FaultReason = $"Live frames waited for longer than {options.Value.TrialEndsAtWait.TotalMilliseconds:F0} ms: cameras go first.",
            }
            : measured.Frames == 0
                ? measured with { Fault = TrialFault.NoFrames, FaultReason = $"No frame of the deployment's cameras came within {until.TotalSeconds:F0} s." }
                : measured;
    }

    private static ConfigurationMeasurement Faulty(ConfigurationTrial trial, TrialFault fault, string reason) =>
        new() { Configuration = trial.Configuration, Fault = fault, FaultReason = reason };

    [LoggerMessage(LogLevel.Information,
        "Model {Model} tried with {Configuration}: {Inferred} of {Frames} frames, 95 % within {LatencyP95} ms, busy share {BusyShare:F3}")]
    private partial void LogMeasured(string model, string configuration, int inferred, int frames, double? latencyP95, double busyShare);

    [LoggerMessage(LogLevel.Warning, "Model {Model} could not be tried for deployment {Deployment}")]
    private partial void LogFailed(Exception failure, string model, Guid deployment);
}
