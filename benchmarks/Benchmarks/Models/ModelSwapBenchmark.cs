using OrleansAiFleet.Benchmarks.Inference;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using OrleansAiFleet.Benchmarks.Measurements;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Benchmarks.Models;

/// <summary>What two hundred changes of the model cost a running camera: frames, and memory.</summary>
internal sealed class ModelSwapBenchmark : IBenchmark
{
    private const int Rounds = 5;
    private const int SwapsPerRound = 40;

    public string Name => "model-swap";

    public string Description =>
        "One live camera on one worker (real ffmpeg, the sample clip, every frame wanted, batches of one), whose plan changes "
        + "from one version of the sample model to another and back: five rounds of 40 swaps, each waiting until the new version "
        + "serves and the old one is unloaded, in turn with as long without swaps. Every decoded frame must be inferred or left out "
        + "for the pace of a live stream: frames lost to a swap are those skipped as model not ready, failed or stopped. "
        + "Memory is the process's resident memory after a collection and malloc_trim, at the end of each round against the start.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = new SwappedStream();
        await stream.StartedAsync(cancellationToken);

        // Code is compiled, pools are filled: during the first forty swaps a thousand methods still come to the compiler's last tier.
        await SwapAsync(stream, 2 * SwapsPerRound, cancellationToken);
        var (lost, before) = (Lost(stream.Ledger), stream.Ledger.FramesDecoded);
        var start = ResidentMebibytes();
        List<double> swapping = [], steady = [], memory = [];
        for (var round = 0; round < Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            swapping.Add(await RateAsync(stream, () => SwapAsync(stream, SwapsPerRound, cancellationToken)));
            memory.Add(ResidentMebibytes());
            var length = Stopwatch.GetElapsedTime(started);
            steady.Add(await RateAsync(stream, () => Task.Delay(length, cancellationToken)));
        }

        var ledger = stream.Ledger;
        var frames = ledger.FramesDecoded - before;
        var open = ledger.FramesDecoded - ledger.FramesInferred - ledger.FramesSkipped;
        yield return new(
            string.Create(CultureInfo.InvariantCulture, $"frames inferred, {SwapsPerRound * Rounds} swaps among {frames} decoded frames, {open} in flight at the end"),
            new("swapping", "frames/s", swapping), new("no swaps", "frames/s", steady));
        yield return new(
            "frames lost to swaps and one, against one", new("lost and one", "frames", [1 + Lost(ledger) - lost]), new("none lost", "frames", [1]), new(1));
        yield return new(
            "resident memory", new("after a round", "MiB", memory), new("at the start", "MiB", [.. Enumerable.Repeat(start, Rounds)]), new(1.05));
    }

    private static async Task SwapAsync(SwappedStream stream, int count, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            await stream.SwapAsync(cancellationToken);
        }
    }

    private static long Lost(CountingLedger ledger) =>
        ledger.Skipped(SkipReason.ModelNotReady) + ledger.Skipped(SkipReason.Failed) + ledger.Skipped(SkipReason.Stopped);

    private static async Task<double> RateAsync(SwappedStream stream, Func<Task> work)
    {
        var (started, inferred) = (Stopwatch.GetTimestamp(), stream.Ledger.FramesInferred);
        await work();
        return (stream.Ledger.FramesInferred - inferred) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double ResidentMebibytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        FreedMemory.GiveBack();
        return Environment.WorkingSet / 1048576.0;
    }
}
