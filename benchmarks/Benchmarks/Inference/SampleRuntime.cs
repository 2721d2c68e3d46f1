using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>The sample model as a worker runs it, with the options a worker has by default.</summary>
internal static class SampleRuntime
{
    private static readonly IOptions<InferenceOptions> Settings = Options.Create(new InferenceOptions());

    public static ModelReference Model { get; } = new()
    {
        ModelId = Guid.NewGuid(),
        DisplayName = "site-safety",
        FilePath = SampleSite.Model,
        Configuration = new ModelConfiguration(),
        Classes = SampleSite.Classes,
    };

    public static SessionFactory Sessions() => new(Settings, NullLogger<SessionFactory>.Instance);

    /// <summary>The batch limit that one warm-up chooses. Blocks for its measurement.</summary>
    public static int ChooseBatch(SessionFactory sessions, CancellationToken cancellationToken)
    {
        var (session, _, measurement) = Open(sessions, cancellationToken);
        session.Dispose();
        return BatchSizePolicy.Choose(measurement.Timings).BatchSize;
    }

    /// <summary>A runtime whose batches are as large as said, or as warm-up chooses. Blocks for its measurement.</summary>
    public static ModelRuntime Start(SessionFactory sessions, int? maximumBatch, CancellationToken cancellationToken)
    {
        var (session, profile, measurement) = Open(sessions, cancellationToken);
        var chosen = BatchSizePolicy.Choose(measurement.Timings);
        var plan = new RuntimePlan(
            profile.Input, sessions.Instances, maximumBatch ?? chosen.BatchSize, chosen.Milliseconds / chosen.BatchSize);
        return new ModelRuntime(
            Model, session, plan, () => new FrameCodec(profile, session.Contract), Settings.Value, TimeProvider.System,
            NullLogger.Instance);
    }

    /// <summary>A runtime of another version of the model that takes frames one by one. Blocks for a short measurement.</summary>
    public static ModelRuntime StartSingle(SessionFactory sessions, ModelReference version, CancellationToken cancellationToken)
    {
        var (session, profile, measurement) = new ModelOpener(sessions).Open(SampleSite.Model, new ProfileOverrides(), 1, cancellationToken);
        var best = BatchSizePolicy.Choose(measurement.Timings);
        return new ModelRuntime(
            version, session, new RuntimePlan(profile.Input, sessions.Instances, 1, best.Milliseconds), () => new FrameCodec(profile, session.Contract),
            Settings.Value, TimeProvider.System, NullLogger.Instance);
    }

    private static OpenModel Open(SessionFactory sessions, CancellationToken cancellationToken) =>
        new ModelOpener(sessions).Open(SampleSite.Model, new ProfileOverrides(), Settings.Value.MaxBatchSize, cancellationToken);
}
