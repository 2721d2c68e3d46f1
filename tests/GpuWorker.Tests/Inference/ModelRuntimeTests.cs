using Microsoft.Extensions.Time.Testing;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Testing;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

public sealed class ModelRuntimeTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 8)]
    [InlineData(3, 4)]
    public async Task Every_caller_gets_the_result_of_its_own_frame(int instances, int maximumBatch)
    {
        await using var runtime = Bench.Runtime(instances: instances, maximumBatch: maximumBatch);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var camera = Guid.NewGuid();
            for (var i = 0; i < 50; i++)
            {
                var luma = (byte)(((caller * 50) + i) % 240);
                var outcome = await Infer(runtime, luma, Bench.Request(camera));
                Assert.Null(outcome.Skipped);
                Assert.Equal(luma, Assert.Single(outcome.Objects).Confidence, 0.01f);
                Assert.InRange(outcome.BatchSize, 1, maximumBatch);
            }
        })));

        var status = runtime.Status;
        Assert.Equal(800, status.InferenceCount);
        Assert.InRange(status.ExecutionCount, 800 / maximumBatch, 800);
        Assert.Equal((instances, maximumBatch, 0), (status.Instances, status.MaxBatchSize, status.Pending));
        Assert.True(status.ComputeInferMilliseconds > 0 && status.QueueMilliseconds > 0);
    }

    [Fact]
    public async Task Batch_is_formed_of_what_waited_while_the_instance_was_busy()
    {
        using var gate = new ManualResetEventSlim();
        await using var runtime = Bench.Runtime(gate: gate, maximumBatch: 4);
        var first = Infer(runtime, 1);
        await Bench.Until(() => runtime.Pending == 0, "the instance took the first frame");
        var rest = Enumerable.Range(2, 5).Select(luma => Infer(runtime, (byte)luma)).ToList();

        gate.Set();

        Assert.Equal(1, (await first).BatchSize);
        Assert.Equal([4, 4, 4, 4, 1], (await Task.WhenAll(rest)).Select(outcome => outcome.BatchSize));
    }

    [Theory]
    [InlineData(MeanCodec.FailsToEncode, (int)FrameError.Preprocessing)]
    [InlineData(MeanCodec.FailsToDecode, (int)FrameError.Postprocessing)]
    public async Task Frame_that_cannot_be_handled_fails_alone(byte bad, int expected)
    {
        using var gate = new ManualResetEventSlim();
        await using var runtime = Bench.Runtime(gate: gate, maximumBatch: 8);
        var outcomes = new[] { (byte)10, bad, (byte)20 }.Select(luma => Infer(runtime, luma)).ToList();

        gate.Set();
        var results = await Task.WhenAll(outcomes);

        Assert.Equal((SkipReason.Failed, (FrameError)expected), (results[1].Skipped, results[1].Error));
        Assert.Equal([10f, 20f], new[] { results[0], results[2] }.Select(result => MathF.Round(result.Objects[0].Confidence)));
    }

    [Fact]
    public async Task Run_that_fails_fails_its_whole_batch_and_the_next_goes_on()
    {
        using var gate = new ManualResetEventSlim();
        await using var runtime = Bench.Runtime(TinyModels.OnePictureInDisguise(), gate, maximumBatch: 2);
        var first = Infer(runtime, 1);
        await Bench.Until(() => runtime.Pending == 0, "the instance took the first frame");
        var pair = new[] { Infer(runtime, 2), Infer(runtime, 3) };

        gate.Set();

        Assert.Null((await first).Skipped);
        Assert.All(await Task.WhenAll(pair), outcome =>
            Assert.Equal((SkipReason.Failed, FrameError.Inference), (outcome.Skipped, outcome.Error)));
        Assert.Equal(4, MathF.Round((await Infer(runtime, 4)).Objects[0].Confidence));
    }

    [Fact]
    public async Task Frame_that_waits_too_long_is_timed_out_while_the_instance_is_busy()
    {
        var time = new FakeTimeProvider();
        using var gate = new ManualResetEventSlim();
        await using var runtime = Bench.Runtime(gate: gate, time: time);
        var first = Infer(runtime, 1);
        await Bench.Until(() => runtime.Pending == 0, "the instance took the first frame");
        var waits = Infer(runtime, 2, Bench.Request(timeout: TimeSpan.FromMilliseconds(200)));

        time.Advance(TimeSpan.FromMilliseconds(199));
        Assert.False(waits.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(60));
        var outcome = await waits;

        Assert.Equal((SkipReason.TimedOut, FrameError.Timeout), (outcome.Skipped, outcome.Error));
        Assert.InRange(outcome.QueueMilliseconds, 200, 260);
        gate.Set();
        Assert.Null((await first).Skipped);
    }

    [Fact]
    public async Task Caller_that_gives_up_gets_its_frame_back()
    {
        using var gate = new ManualResetEventSlim();
        using var gone = new CancellationTokenSource();
        await using var runtime = Bench.Runtime(gate: gate);
        _ = Infer(runtime, 1);
        await Bench.Until(() => runtime.Pending == 0, "the instance took the first frame");
        var waits = Infer(runtime, 2, cancellationToken: gone.Token);

        await gone.CancelAsync();

        Assert.Equal(SkipReason.Stopped, (await waits).Skipped);
        Assert.Equal(SkipReason.Stopped, (await Infer(runtime, 3, cancellationToken: gone.Token)).Skipped);
        gate.Set();
    }

    [Fact]
    public async Task Newer_frame_supersedes_the_waiting_one()
    {
        using var gate = new ManualResetEventSlim();
        await using var runtime = Bench.Runtime(gate: gate);
        var request = Bench.Request(maySupersede: true);
        _ = Infer(runtime, 1, request);
        await Bench.Until(() => runtime.Pending == 0, "the instance took the first frame");
        var old = Infer(runtime, 2, request);
        var newer = Infer(runtime, 3, request);

        Assert.Equal(SkipReason.Superseded, (await old).Skipped);
        gate.Set();
        Assert.Null((await newer).Skipped);
    }

    [Fact]
    public async Task Unloading_under_load_completes_every_frame_and_ends_the_threads()
    {
        var reference = Bench.Reference();
        var runtime = Bench.Runtime(instances: 2, reference: reference, options: new InferenceOptions { QueueFrames = 64 });
        Assert.Equal(2, InstanceThreads(reference.ModelId));
        var pool = new FramePool(1 << 20);
        var frames = Enumerable.Range(0, 2000).Select(i => Infer(runtime, (byte)(i % 200), pool: pool)).ToList();

        await runtime.DisposeAsync();
        var outcomes = await Task.WhenAll(frames);

        Assert.All(outcomes, outcome =>
            Assert.Contains(outcome.Skipped, new SkipReason?[] { null, SkipReason.Stopped, SkipReason.QueueFull }));
        Assert.Equal(SkipReason.Stopped, (await Infer(runtime, 1, pool: pool)).Skipped);
        Assert.Equal(0, pool.RentedBytes);
        await Bench.Until(() => InstanceThreads(reference.ModelId) == 0, "no thread of the model is left");
    }

    [Fact]
    public async Task Expected_wait_grows_with_the_queue()
    {
        using var gate = new ManualResetEventSlim();
        await using var runtime = Bench.Runtime(gate: gate, instances: 2, maximumBatch: 1, millisecondsPerFrame: 10);
        var frames = Enumerable.Range(0, 6).Select(_ => Infer(runtime, 1)).ToList();
        await Bench.Until(() => runtime.Pending == 4, "each instance took a frame");

        Assert.Equal(TimeSpan.FromMilliseconds(20), runtime.ExpectedWait);
        gate.Set();
        await Task.WhenAll(frames);
    }

    internal static int InstanceThreads(Guid modelId)
    {
        var prefix = ModelRuntime.ThreadName(modelId, 0)[..12];
        return Directory.EnumerateDirectories("/proc/self/task").Count(thread =>
        {
            try
            {
                return File.ReadAllText(Path.Combine(thread, "comm")).StartsWith(prefix, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        });
    }

    private static async Task<FrameOutcome> Infer(
        ModelRuntime runtime,
        byte luma,
        FrameRequest? request = null,
        FramePool? pool = null,
        CancellationToken cancellationToken = default)
    {
        var frame = (pool ?? Bench.Frames).Rent(8, 8);
        frame.Data.Span.Fill(luma);
        var outcome = runtime.InferAsync(frame, request ?? Bench.Request(), cancellationToken);
        frame.Release();
        return await outcome;
    }
}
