using System.Runtime.CompilerServices;
using OrleansAiFleet.Benchmarks.Measurements;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>What batching gives under many cameras, against one frame a run.</summary>
internal sealed class BatchingBenchmark : IBenchmark
{
    private const int Cameras = 16;
    private const int LargestBatch = 16;
    private const int WarmUps = 5;
    private const int Rounds = 9;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(2);

    public string Name => "batching";

    public string Description =>
        "Sixteen cameras in a closed loop (each offers its 640x360 frame again as soon as it is inferred) on one model "
        + "runtime with the sample detector: batches of up to 16 frames against one frame a run. Preprocessing, run, decoding "
        + "and NMS included, decoding of video not. In turn in one run, nine rounds of 2 s a side. No target: a processor "
        + "gains little from a larger batch and loses its caches to it, so on one the ratio of frames is expected near or "
        + "below 1. That is why warm-up measures and chooses the batch limit; what five warm-ups chose stands in the case.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var frames = await SampleSite.ReadFramesAsync(Cameras, cancellationToken);
        var sessions = SampleRuntime.Sessions();
        var chosen = Enumerable.Range(0, WarmUps).Select(_ => SampleRuntime.ChooseBatch(sessions, cancellationToken)).ToArray();
        await using var batched = SampleRuntime.Start(sessions, LargestBatch, cancellationToken);
        await using var single = SampleRuntime.Start(sessions, 1, cancellationToken);

        // Once each before the count, for the compiler and the memory that stays.
        await ClosedLoop.RunAsync(batched, frames, Slice, cancellationToken);
        await ClosedLoop.RunAsync(single, frames, Slice, cancellationToken);
        var sides = await Turns.RunAsync(Rounds, [Side(batched, frames), Side(single, frames)], cancellationToken);
        var meanBatch = sides[0].Average(sample => sample.MeanBatch);
        var setting = FormattableString.Invariant(
            $"{sessions.ExecutionProvider}, {sessions.Instances} instances, mean batch {meanBatch:0.0}, warm-ups chose {string.Join(", ", chosen)}");
        yield return Row($"frames: {setting}", "frames/s", sides, sample => sample.FramesPerSecond);
        yield return Row("processor time of a frame", "ms", sides, sample => sample.CpuMilliseconds);
    }

    private static Func<CancellationToken, Task<ClosedLoopSample>> Side(ModelRuntime runtime, IReadOnlyList<VideoFrame> frames) =>
        cancellationToken => ClosedLoop.RunAsync(runtime, frames, Slice, cancellationToken);

    private static BenchmarkRow Row(
        string name, string unit, IReadOnlyList<IReadOnlyList<ClosedLoopSample>> sides, Func<ClosedLoopSample, double> value) =>
        new(
            name,
            new($"up to {LargestBatch}", unit, [.. sides[0].Select(value)]),
            new("one a run", unit, [.. sides[1].Select(value)]));
}
