using System.Diagnostics;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Testing;
using OrleansAiFleet.Vision.Inference;

using Xunit.Abstractions;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

/// <summary>What queue, batching and completion cost against a bare loop that fills and runs. Alone: the figures are the machine's.</summary>
[Collection(nameof(SwapTests))]
public sealed class ThroughputTests(ITestOutputHelper output)
{
    private const int Callers = 32;
    private static readonly InputSpec Input = new() { Width = 320, Height = 320 };
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(700);

    [RealDataFact]
    public async Task Thirty_two_callers_get_nearly_what_a_bare_loop_gets()
    {
        using var bare = Bench.Sessions().Open(RealData.PathOf("models/yunet_face_320.onnx"));
        using var buffers = bare.Allocate(Input, maximumBatch: 1);
        await using var runtime = new ModelRuntime(
            Bench.Reference(),
            Bench.Sessions().Open(RealData.PathOf("models/yunet_face_320.onnx")),
            new RuntimePlan(Input, 1, 1, 3),
            () => new MeanCodec(),
            new InferenceOptions(),
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        List<double> wall = [];
        List<double> processor = [];

        // Slices in turn: what else the machine does falls on both.
        for (var slice = 0; slice < 11; slice++)
        {
            var loop = await Measure(() => Task.Factory.StartNew(
                () => RunBare(buffers), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            var callers = await Measure(() => RunCallers(runtime));
            wall.Add(loop.Wall / callers.Wall);
            processor.Add(loop.Processor / callers.Processor);
        }

        wall.Sort();
        processor.Sort();
        output.WriteLine($"ratio to the bare loop, wall: {Spell(wall)}");
        output.WriteLine($"ratio to the bare loop, processor time: {Spell(processor)}");

        // Processor time, because it does not count what else the machine does; the goal is 0.95.
        Assert.InRange(processor[processor.Count / 2], 0.8, double.MaxValue);
    }

    private static string Spell(List<double> ratios) =>
        $"{string.Join(' ', ratios.Select(ratio => $"{ratio:F2}"))}, median {ratios[ratios.Count / 2]:F3}";

    /// <returns>Milliseconds per frame.</returns>
    private static async Task<(double Wall, double Processor)> Measure(Func<Task<int>> run)
    {
        var (started, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var frames = await run();
        return (
            Stopwatch.GetElapsedTime(started).TotalMilliseconds / frames,
            (Environment.CpuUsage.TotalTime - used).TotalMilliseconds / frames);
    }

    private static int RunBare(SessionBuffers buffers)
    {
        var codec = new MeanCodec();
        var frame = Bench.Frame(side: 320);
        var runs = 0;
        var started = Stopwatch.GetTimestamp();
        for (; Stopwatch.GetElapsedTime(started) < Slice; runs++)
        {
            codec.Encode(frame, buffers, 0);
            codec.Decode(buffers.Run(1), 0, default, 0, []);
        }

        frame.Release();
        return runs;
    }

    private static async Task<int> RunCallers(ModelRuntime runtime)
    {
        var started = Stopwatch.GetTimestamp();
        var frames = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            var camera = Guid.NewGuid();
            var frame = Bench.Frame(side: 320);
            var count = 0;
            for (; Stopwatch.GetElapsedTime(started) < Slice; count++)
            {
                await runtime.InferAsync(frame, Bench.Request(camera), CancellationToken.None);
            }

            frame.Release();
            return count;
        })));
        return frames.Sum();
    }
}
