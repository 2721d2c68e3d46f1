using System.Runtime.CompilerServices;
using OrleansAiFleet.Benchmarks.Measurements;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>What a camera costs when there are many, against one alone.</summary>
internal sealed class CameraCostBenchmark : IBenchmark
{
    private const int Rounds = 5;
    private static readonly int[] Cameras = [1, 4, 16, 64];
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(8);

    public string Name => "camera-cost";

    public string Description =>
        "Processor time for one inferred frame with 4, 16 and 64 cameras at 1 frame a second, against one camera alone. "
        + "Each camera is a whole stream: an ffmpeg process that decodes the looped 640x360, 15 fps sample clip at its own "
        + "pace, sampling, the sample detector (one runtime for all, batches as warm-up chose), tracking; storing is left "
        + "out. At 1 frame a second a frame's time is the time of a camera-second. In turn in one run, five rounds of 8 s "
        + "after every camera gave two frames. Below 1: a camera among many costs less than one alone.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sessions = SampleRuntime.Sessions();
        await using var runtime = SampleRuntime.Start(sessions, maximumBatch: null, cancellationToken);
        using var streams = new RunningStreams(runtime);

        // Once before the count, for the compiler.
        await streams.MeasureAsync(Cameras[1], Window, cancellationToken);
        var sides = await Turns.RunAsync(
            Rounds,
            [.. Cameras.Select(count => (Func<CancellationToken, Task<FrameCost>>)(token => streams.MeasureAsync(count, Window, token)))],
            cancellationToken);
        for (var i = 1; i < Cameras.Length; i++)
        {
            var rate = new Measurement("", "", [.. sides[i].Select(cost => cost.FramesPerCameraSecond)]).Median;
            var name = FormattableString.Invariant($"{Cameras[i]} cameras, {rate:0.00} frames/s each");
            yield return Row($"{name}: worker and ffmpeg", i, sides, cost => cost.All);
            yield return Row($"{Cameras[i]} cameras: worker alone", i, sides, cost => cost.Worker);
            yield return Row($"{Cameras[i]} cameras: ffmpeg alone", i, sides, cost => cost.Decoders);
        }
    }

    private static BenchmarkRow Row(string name, int side, IReadOnlyList<IReadOnlyList<FrameCost>> sides, Func<FrameCost, double> value) =>
        new(
            name,
            new($"{Cameras[side]} cameras", "ms", [.. sides[side].Select(value)]),
            new("1 camera", "ms", [.. sides[0].Select(value)]));
}
