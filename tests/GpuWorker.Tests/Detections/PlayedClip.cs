using OrleansAiFleet.Cameras;
using OrleansAiFleet.Detections;
using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Tests.Cameras;
using OrleansAiFleet.GpuWorker.Tests.Inference;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Tests.Detections;

/// <summary>
/// What a camera that plays a real clip stored: the worker's own stream, model and tracker, with nothing in their place but a
/// ledger that keeps what it is told. A frame's time is when it arrived; where in the clip it stands, its number says.
/// </summary>
internal sealed record PlayedClip(RecordingLedger.Book Book, CameraStatus End, double SamplingFps)
{
    /// <summary>What was found in each frame that the model saw, in their order.</summary>
    public IReadOnlyList<Detection[]> Frames { get; } =
    [
        .. Enumerable.Range(0, (int)Book.Inferred)
            .GroupJoin(Book.Detections, number => number, found => (int)found.FrameNumber, (_, found) => found.ToArray()),
    ];

    /// <summary>The frames between two moments of the clip, in seconds.</summary>
    public IReadOnlyList<Detection[]> Between(double from, double to) =>
        [.. Frames.Where((_, number) => number / SamplingFps >= from && number / SamplingFps < to)];

    /// <summary>Ids of a class' tracks in the order of their first frames.</summary>
    public long[] Tracks(string className) =>
        [.. Book.Detections.Where(found => found.ClassName == className).Select(found => found.TrackId).OfType<long>().Distinct()];

    /// <summary>Id of the only object of a class at a moment of the clip.</summary>
    public long? TrackAt(double seconds, string className) =>
        Frames[(int)(seconds * SamplingFps)].Single(found => found.ClassName == className).TrackId;

    /// <summary>Plays a clip to its end as a recording; by default few enough frames for a short test, 0 takes every frame.</summary>
    public static async Task<PlayedClip> PlayAsync(
        string clip, string model, ModelConfiguration configuration, string[]? classes, float threshold, double samplingFps = 5)
    {
        using var real = new RealModels();
        await using var repository = ModelRepositoryTests.Create(real.Loader, TimeProvider.System);
        await using var bench = new StreamBench();
        var subscription = new CameraSubscription
        {
            DeploymentId = Guid.NewGuid(),
            Model = await real.InspectAsync(model, configuration, classes),
            ConfidenceThreshold = threshold,
        };
        var plan = StreamBench.Plan(clip, camera => camera with { SamplingFps = samplingFps }) with { Subscriptions = [subscription] };
        await using var stream = new CameraStream(plan, "silo", bench.Parts with { Models = repository, Vision = new() });
        await Eventually.TrueAsync(() => stream.GetStatus().State == StreamState.Ended, stream.GetStatus, seconds: 180);
        return new(bench.Ledger[subscription.DeploymentId], stream.GetStatus(), samplingFps);
    }
}
