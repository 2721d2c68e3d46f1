using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using OrleansAiFleet.Benchmarks.Measurements;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>What it adds to a frame's way to be inferred on another worker than its camera's.</summary>
internal sealed class SpillBenchmark : IBenchmark
{
    private const int Pictures = 16;
    private const int FramesPerRound = 200;
    private const int Rounds = 7;

    private static readonly FrameRequest Request = new(
        Guid.NewGuid(), InferencePriority.Live, 0.5f, TimeSpan.FromSeconds(30), MaySupersede: false, MaySpill: false);

    public string Name => "spill";

    public string Description =>
        "Milliseconds from a decoded 640x360 frame to its objects, one frame at a time: offered to another worker silo (scaled to "
        + "the model's size, sent over TCP on loopback, inferred there, its objects sent back) against offered to the worker "
        + "that infers it. In turn in one run, seven rounds of 200 frames a side; choosing the other worker is left out: its "
        + "answer is at most 250 ms old and asked for beside the frames. No target.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var frames = await SampleSite.ReadFramesAsync(Pictures, cancellationToken);
        await using var workers = await TwoWorkers.StartAsync(cancellationToken);
        var repository = workers.Second.GetRequiredService<IModelRepository>();
        await using var lease = await repository.AcquireAsync(SampleRuntime.Model, cancellationToken);
        var other = workers.First.GetRequiredService<IInferenceServiceClient>()
            .On(workers.Second.GetRequiredService<ILocalSiloDetails>().SiloAddress);

        Func<VideoFrame, CancellationToken, Task<SkipReason?>> spill = async (frame, token) =>
        {
            var (width, height) = SpilledFrames.SizeOf(frame, workers.Runtime.Plan.Input);
            var sent = SpilledFrames.Create(frame, width, height, SampleRuntime.Model, Request);
            return SpilledFrames.ToOutcome(await other.Infer(sent, token)).Skipped;
        };
        Func<VideoFrame, CancellationToken, Task<SkipReason?>> infer = async (frame, token) =>
            (await lease.InferAsync(frame, Request, token)).Skipped;

        // For the compiler's last tier.
        await TimeAsync(spill, frames, cancellationToken);
        await TimeAsync(infer, frames, cancellationToken);
        var sides = await Turns.RunAsync(
            Rounds,
            [token => TimeAsync(spill, frames, token), token => TimeAsync(infer, frames, token)],
            cancellationToken);
        yield return Row("p50", sides, 0.50);
        yield return Row("p95", sides, 0.95);
    }

    private static async Task<double[]> TimeAsync(
        Func<VideoFrame, CancellationToken, Task<SkipReason?>> way, IReadOnlyList<VideoFrame> frames, CancellationToken cancellationToken)
    {
        var times = new double[FramesPerRound];
        for (var i = 0; i < times.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            if (await way(frames[i % frames.Count], cancellationToken) is { } skipped)
            {
                throw new InvalidOperationException($"A frame was not inferred: {skipped}.");
            }

            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(times);
        return times;
    }

    private static BenchmarkRow Row(string name, IReadOnlyList<IReadOnlyList<double[]>> sides, double quantile) => new(
        name,
        new("on another worker", "ms", [.. sides[0].Select(times => times[(int)(quantile * (times.Length - 1))])]),
        new("on this worker", "ms", [.. sides[1].Select(times => times[(int)(quantile * (times.Length - 1))])]));
}
