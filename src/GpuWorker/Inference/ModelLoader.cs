using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>Loads model versions from the local cache, which asks the store.</summary>
internal sealed partial class ModelLoader(
    ModelFileCache cache,
    ModelOpener opener,
    SessionFactory sessions,
    IOptions<InferenceOptions> options,
    TimeProvider time,
    ILogger<ModelLoader> logger) : IModelLoader, IDisposable
{
    // Two warm-ups at a time would measure each other.
    private readonly SemaphoreSlim _warmUp = new(1, 1);

    public async Task<LoadedModel> LoadAsync(ModelReference model, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var file = await cache.GetUncheckedAsync(model.FilePath, cancellationToken);
        try
        {
            await _warmUp.WaitAsync(cancellationToken);
            ModelRuntime runtime;
            try
            {
                // Seconds of CPU: a thread of its own, not one of the pool that grains run on.
                runtime = await Task.Factory.StartNew(
                    () => Open(model, file.File, cancellationToken),
                    cancellationToken,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default);
            }
            finally
            {
                _warmUp.Release();
            }

            await EnsureCheckedAsync(file, runtime);

            // The session has its own copy of what it needs.
            file.ForgetContent();
            LogLoaded(
                model.DisplayName,
                time.GetElapsedTime(started).TotalMilliseconds,
                sessions.ExecutionProvider,
                runtime.Plan.Instances,
                runtime.Plan.MaximumBatch,
                runtime.Plan.MillisecondsPerFrame);
            return new LoadedModel(runtime, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _warmUp.Dispose();

    private static async Task EnsureCheckedAsync(CachedModelFile file, ModelRuntime runtime)
    {
        try
        {
            await file.Checked;
        }
        catch
        {
            await runtime.DisposeAsync();
            throw;
        }
    }

    private ModelRuntime Open(ModelReference model, string file, CancellationToken cancellationToken)
    {
        var overrides = ProfileMapping.ToOverrides(model.Configuration, model.Classes);
        var (session, profile, measurement) = opener.Open(file, overrides, options.Value.MaxBatchSize, cancellationToken);
        try
        {
            var best = BatchSizePolicy.Choose(measurement.Timings);
            var plan = new RuntimePlan(
                profile.Input, sessions.Instances, best.BatchSize, best.Milliseconds / best.BatchSize);
            return new ModelRuntime(
                model, session, plan, () => new FrameCodec(profile, session.Contract), options.Value, time, logger);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    [LoggerMessage(LogLevel.Information,
        "Model {Model} loaded in {Milliseconds:F0} ms: {Provider}, {Instances} instances, batches up to {MaxBatch}, {FrameMilliseconds:F2} ms per frame")]
    private partial void LogLoaded(
        string model, double milliseconds, string provider, int instances, int maxBatch, double frameMilliseconds);
}
