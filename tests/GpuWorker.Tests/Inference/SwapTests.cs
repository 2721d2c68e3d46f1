using System.Diagnostics;

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Testing;
using OrleansAiFleet.Vision.Inference;

using Xunit.Abstractions;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

/// <summary>Alone: the figures are the whole process's.</summary>
[CollectionDefinition(nameof(SwapTests), DisableParallelization = true)]
[Collection(nameof(SwapTests))]
public sealed class SwapTests(ITestOutputHelper output)
{
    private const int Swaps = 200;
    private const long Mebibyte = 1 << 20;

    [RealDataFact]
    public async Task Two_hundred_swaps_give_the_memory_back()
    {
        var time = new FakeTimeProvider();
        var loader = new RealLoader();
        await using var repository = ModelRepositoryTests.Create(loader, time);
        var before = await Swap(repository, loader, time, 40);
        var threads = ThreadCount();

        var after = await Swap(repository, loader, time, Swaps);

        output.WriteLine($"MiB during warm-up {string.Join(' ', before)}; during {Swaps} swaps {string.Join(' ', after)}");

        // The C library's arenas breathe by some 15 MiB from one look to the next; the low points show what stays.
        Assert.InRange(after[^5..].Min() - before.Min(), long.MinValue, 24);
        Assert.InRange(ThreadCount(), 0, threads + 4);
    }

    /// <returns>Resident memory in MiB with nothing loaded, after every ten swaps.</returns>
    private static async Task<List<long>> Swap(ModelRepository repository, RealLoader loader, FakeTimeProvider time, int count)
    {
        List<long> resident = [];
        for (var swap = 0; swap < count; swap += 10)
        {
            await SwapTen(repository, loader, time);
            resident.Add(ResidentBytes() / Mebibyte);
        }

        return resident;
    }

    private static async Task SwapTen(ModelRepository repository, RealLoader loader, FakeTimeProvider time)
    {
        IModelLease? serving = null;
        for (var i = 0; i < 10; i++)
        {
            // Load before unload: both are in memory for a moment.
            var next = await repository.AcquireAsync(
                Bench.Reference(path: i % 2 == 0 ? "yunet_face_320.onnx" : "ultraface_rfb_320.onnx"), CancellationToken.None);
            await Infer(next);
            if (serving is not null)
            {
                await serving.DisposeAsync();
            }

            serving = next;
            time.Advance(TimeSpan.FromMinutes(2));
            await Bench.Until(() => loader.InMemory == 1, "the old one is out");
        }

        await serving!.DisposeAsync();
        time.Advance(TimeSpan.FromMinutes(2));
        await Bench.Until(() => loader.InMemory == 0, "all are out");
    }

    private static async Task Infer(IModelLease lease)
    {
        var frame = Bench.Frame(side: 416);
        var outcome = await lease.InferAsync(frame, Bench.Request(timeout: Timeout.InfiniteTimeSpan), CancellationToken.None);
        frame.Release();
        Assert.Null(outcome.Skipped);
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static int ThreadCount() => Directory.GetDirectories("/proc/self/task").Length;

    /// <summary>Real models, measured and run as in the product; only how pictures go in is left simple.</summary>
    private sealed class RealLoader : IModelLoader
    {
        private readonly SessionFactory _sessions = Bench.Sessions();
        private int _inMemory;

        public int InMemory => Volatile.Read(ref _inMemory);

        public Task<LoadedModel> LoadAsync(ModelReference model, CancellationToken cancellationToken) => Task.Factory.StartNew(
            () =>
            {
                var session = _sessions.Open(RealData.PathOf("models/" + model.FilePath));
                var shape = session.Contract.Inputs[0].Shape;
                var input = new InputSpec { Width = shape[3], Height = shape[2] };
                var best = BatchSizePolicy.Choose(BatchProbe.Measure(session, input, 1, cancellationToken).Timings);
                var runtime = new ModelRuntime(
                    model,
                    session,
                    new RuntimePlan(input, 1, best.BatchSize, best.Milliseconds),
                    () => new MeanCodec(),
                    new InferenceOptions(),
                    TimeProvider.System,
                    NullLogger.Instance);
                Interlocked.Increment(ref _inMemory);
                return new LoadedModel(runtime, new Leaving(() => Interlocked.Decrement(ref _inMemory)));
            },
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }
    private sealed class Leaving(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
