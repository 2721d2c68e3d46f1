using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

public sealed class ModelRepositoryTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly TinyLoader _loader = new();
    private readonly ModelRepository _repository;

    public ModelRepositoryTests() => _repository = Create(_loader, _time);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _repository.DisposeAsync();

    [Fact]
    public async Task All_who_ask_for_a_version_share_one_load()
    {
        var model = Bench.Reference();
        var hold = _loader.Hold();
        var asking = Enumerable.Range(0, 8).Select(_ => Acquire(model)).ToList();

        hold.SetResult();
        await Task.WhenAll(asking);

        Assert.Equal(1, _loader.Loads);
        Assert.Equal(model.ModelId, Assert.Single(_repository.Statuses).ModelId);
    }

    [Fact]
    public async Task Version_stays_loaded_for_a_while_after_its_last_lease()
    {
        var model = Bench.Reference();
        await (await Acquire(model)).DisposeAsync();

        _time.Advance(TimeSpan.FromSeconds(119));
        await (await Acquire(model)).DisposeAsync();
        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(0, _repository.Pending(model.ModelId));
        Assert.Equal(1, _loader.Loads);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(-1, _repository.Pending(model.ModelId));
        await Bench.Until(() => ModelRuntimeTests.InstanceThreads(model.ModelId) == 0, "the model's threads ended");
    }

    [Fact]
    public async Task Version_that_nobody_expects_back_is_unloaded_with_its_last_lease_unless_somebody_comes_for_it()
    {
        var model = Bench.Reference();
        await using (await Acquire(model))
        {
            _repository.UnloadOnceIdle(model);
            Assert.Equal(0, _repository.Pending(model.ModelId));
        }

        await Bench.Until(() => _repository.Pending(model.ModelId) == -1, "it is unloaded");

        await using (await Acquire(model))
        {
            _repository.UnloadOnceIdle(model);
            await (await Acquire(model)).DisposeAsync();
        }

        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(0, _repository.Pending(model.ModelId));
    }

    [Fact]
    public async Task Version_that_must_not_be_loaded_is_not()
    {
        var model = Bench.Reference();

        Assert.Null(_repository.TryAcquireLoaded(model, loads: false));
        Assert.Equal(0, _loader.Loads);
    }

    [Fact]
    public async Task Leased_version_is_never_unloaded()
    {
        var model = Bench.Reference();
        await using var lease = await Acquire(model);

        _time.Advance(TimeSpan.FromDays(1));

        Assert.Null((await Infer(lease)).Skipped);
    }

    [Fact]
    public async Task Failed_load_says_why_and_leaves_the_other_version_serving()
    {
        await using var serving = await Acquire(Bench.Reference());
        var broken = Bench.Reference();
        _loader.Fault = new InvalidDataException("the file is damaged");

        var failure = await Assert.ThrowsAsync<ModelLoadException>(() => Acquire(broken));

        Assert.Contains("tiny 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("the file is damaged", failure.Message, StringComparison.Ordinal);
        Assert.Null((await Infer(serving)).Skipped);
        Assert.Equal(-1, _repository.Pending(broken.ModelId));
    }

    [Fact]
    public async Task Version_that_failed_is_tried_again_after_a_while_even_where_callers_never_stop_asking()
    {
        var model = Bench.Reference();
        _loader.Fault = new InvalidDataException("the file is damaged");
        for (var second = 0; second < 5; second++)
        {
            await Assert.ThrowsAsync<ModelLoadException>(() => Acquire(model));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, _loader.Loads);
        _loader.Fault = null;
        await using var lease = await Acquire(model);
        Assert.Equal(2, _loader.Loads);
    }

    [Fact]
    public async Task Caller_that_gives_up_does_not_stop_the_load_for_others()
    {
        var model = Bench.Reference();
        var hold = _loader.Hold();
        using var gone = new CancellationTokenSource();
        var impatient = _repository.AcquireAsync(model, gone.Token).AsTask();
        var patient = Acquire(model);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        hold.SetResult();

        await using var lease = await patient;
        Assert.Null((await Infer(lease)).Skipped);
    }

    [Fact]
    public async Task Changed_configuration_of_a_version_is_loaded_beside_the_old_one()
    {
        var model = Bench.Reference();
        await using var old = await Acquire(model);

        await using var changed = await Acquire(model with { Configuration = new ModelConfiguration { NmsIou = 0.7 } });

        Assert.Equal(2, _loader.Loads);
        Assert.Null((await Infer(old)).Skipped);
        Assert.Null((await Infer(changed)).Skipped);
    }

    [Fact]
    public async Task Swap_under_load_loses_no_frame()
    {
        using var stop = new CancellationTokenSource();
        var lease = await Acquire(Bench.Reference());
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var frames = 0;
            while (!stop.IsCancellationRequested)
            {
                // A lease may end between its look-up and its use: then there is a new one.
                var used = Volatile.Read(ref lease);
                var skipped = (await Infer(used)).Skipped;
                Assert.True(skipped is null || (skipped == SkipReason.Stopped && used != Volatile.Read(ref lease)));
                frames++;
            }

            return frames;
        })).ToList();

        for (var swap = 0; swap < 10; swap++)
        {
            var next = await Acquire(Bench.Reference());
            var previous = Interlocked.Exchange(ref lease, next);
            await Bench.Until(() => _repository.Statuses.Any(status => status.InferenceCount > 20), "frames flow");
            await previous.DisposeAsync();
            _time.Advance(TimeSpan.FromMinutes(2));
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(callers), frames => Assert.True(frames > 0));
    }

    [Fact]
    public async Task Frame_of_another_worker_starts_the_load_and_does_not_wait_for_it()
    {
        var model = Bench.Reference();

        Assert.Null(_repository.TryAcquireLoaded(model));
        await Bench.Until(() => _repository.Pending(model.ModelId) == 0, "the model is loaded");

        await using var lease = _repository.TryAcquireLoaded(model);
        Assert.NotNull(lease);
        Assert.Equal(1, _loader.Loads);
    }

    [Fact]
    public async Task Lease_that_was_given_up_infers_no_more()
    {
        var lease = await Acquire(Bench.Reference());
        await lease.DisposeAsync();
        await lease.DisposeAsync();

        Assert.Equal(SkipReason.Stopped, (await Infer(lease)).Skipped);
    }

    internal static ModelRepository Create(IModelLoader loader, TimeProvider time)
    {
        var options = Options.Create(new InferenceOptions());
        return new ModelRepository(
            loader,
            new SpillRouter(new NoPeers(), options, time, NullLogger<SpillRouter>.Instance),
            options,
            time,
            NullLogger<ModelRepository>.Instance);
    }

    private Task<IModelLease> Acquire(ModelReference model) => _repository.AcquireAsync(model, CancellationToken.None).AsTask();

    private static async Task<FrameOutcome> Infer(IModelLease lease)
    {
        var frame = Bench.Frame();
        try
        {
            return await lease.InferAsync(frame, Bench.Request(timeout: Timeout.InfiniteTimeSpan), CancellationToken.None);
        }
        finally
        {
            frame.Release();
        }
    }

    private sealed class NoPeers : IWorkerPeers
    {
        public bool Any => false;

        public IReadOnlyList<WorkerPeer> PickTwo(Guid modelId, IReadOnlySet<SiloAddress>? among = null) => [];
    }

    private sealed class TinyLoader : IModelLoader
    {
        private Task _hold = Task.CompletedTask;
        private int _loads;

        public int Loads => _loads;

        public Exception? Fault { get; set; }

        public TaskCompletionSource Hold()
        {
            var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _hold = hold.Task;
            return hold;
        }

        public async Task<LoadedModel> LoadAsync(ModelReference model, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _loads);
            await _hold.WaitAsync(cancellationToken);
            return Fault is { } fault
                ? throw fault
                : new LoadedModel(Bench.Runtime(reference: model), new MemoryStream());
        }
    }
}
