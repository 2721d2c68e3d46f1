using System.Runtime.CompilerServices;
using OrleansAiFleet.Benchmarks.Measurements;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>What a camera costs when there are many, against one alone.</summary>
internal sealed class CameraCostBenchmark : IBenchmark
{
    private const int Rounds = 5;
    private const int Pictures = 16;

    // At the cost measured here 64 decoders and their inference want nearly two whole cores: more than a shared machine gives.
    private static readonly int[] Streams = [1, 4, 16];
    private static readonly int[] Offered = [1, 4, 16, 64];
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(8);

    public string Name => "camera-cost";

    public string Description =>
        "Processor time for one inferred frame with many cameras at 1 frame a second, against one camera alone; at that rate "
        + "it is the time of a camera-second. Inference: decoded 640x360 frames offered to one model runtime (sample "
        + "detector, batches as warm-up chose), the cameras' seconds spread evenly; preprocessing, run, decoding of outputs "
        + "and NMS. Whole stream: besides, for each camera an ffmpeg process that decodes the looped 15 fps sample clip at "
        + "its own pace, sampling and tracking; up to 16 cameras. Storing is left out. In turn in one run, five rounds of "
        + "8 s, streams from their second frame on. Below 1: a camera among many costs less than one alone.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sessions = SampleRuntime.Sessions();
        await using var runtime = SampleRuntime.Start(sessions, maximumBatch: null, cancellationToken);
        var offered = new OfferedFrames(runtime, await SampleSite.ReadFramesAsync(Pictures, cancellationToken));
        foreach (var row in await CompareAsync(Offered, offered.MeasureAsync, cancellationToken))
        {
            yield return row("inference", cost => cost.All);
        }

        using var streams = new RunningStreams(runtime);
        foreach (var row in await CompareAsync(Streams, streams.MeasureAsync, cancellationToken))
        {
            yield return row("whole stream", cost => cost.All);
            yield return row("whole stream, worker's part", cost => cost.Worker);
            yield return row("whole stream, ffmpeg's part", cost => cost.Decoders);
        }
    }

    // What makes the rows of each number of cameras but the first, which is what they are compared with.
    private static async Task<IEnumerable<Func<string, Func<FrameCost, double>, BenchmarkRow>>> CompareAsync(
        int[] cameras, Func<int, TimeSpan, CancellationToken, Task<FrameCost>> measure, CancellationToken cancellationToken)
    {
        // Once before the count, for the compiler.
        await measure(cameras[^1], Window, cancellationToken);
        var sides = await Turns.RunAsync(
            Rounds,
            [.. cameras.Select(count => (Func<CancellationToken, Task<FrameCost>>)(token => measure(count, Window, token)))],
            cancellationToken);
        return Enumerable.Range(1, cameras.Length - 1).Select(i => (Func<string, Func<FrameCost, double>, BenchmarkRow>)(
            (part, value) => Row(part, cameras[i], sides[i], sides[0], value)));
    }

    private static BenchmarkRow Row(
        string part, int cameras, IReadOnlyList<FrameCost> many, IReadOnlyList<FrameCost> one, Func<FrameCost, double> value)
    {
        var rate = many.Average(cost => cost.FramesPerCameraSecond);
        return new(
            FormattableString.Invariant($"{part}, {cameras} cameras, {rate:0.00} frames/s each"),
            new($"{cameras} cameras", "ms", [.. many.Select(value)]),
            new("1 camera", "ms", [.. one.Select(value)]));
    }
}
