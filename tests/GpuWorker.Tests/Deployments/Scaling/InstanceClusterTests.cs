using System.Collections.Concurrent;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

using Orleans.TestingHost;

using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.GpuWorker.Tests.Inference;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Tests.Deployments.Scaling;

/// <summary>Two real workers that are told what to hold.</summary>
public sealed class InstanceClusterTests : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster;
    private readonly ConcurrentDictionary<int, CountingLoader> _loaders = new();
    private int _silos;

    public InstanceClusterTests()
    {
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 2);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, host) =>
        {
            host.Services.AddInference();
            host.Services.RemoveAll<IModelLoader>();
            host.Services.AddSingleton<IModelLoader>(_loaders.GetOrAdd(_silos++, _ => new CountingLoader()));
            host.Services.AddSingleton<IResourceReadings, Readings>();
            host.Services.AddSingleton<ICameraCount, Readings>();
            host.Services.RemoveAll<WorkerReadings>();
            host.Services.AddSingleton(new WorkerReadings(new Readings(), new Readings(), () => 0));
            host.AddInferenceService();
        });
        _cluster = builder.Build();
    }

    private ModelReference Model { get; } = Bench.Reference();

    public async Task InitializeAsync() => await _cluster.DeployAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Worker_loads_what_it_is_to_hold_before_any_frame_and_unloads_it_at_once_when_told()
    {
        Assert.True(await Hold(0, "one", held: [Model], routes: []));
        await Until(0, loaded: true);
        Assert.Equal(0, LoadsOn(1));

        Assert.True(await On(0).Hold("one", null));
        Assert.False(await On(0).Hold("two", null));
        Assert.True(await Hold(0, "two", held: [], routes: []));
        await Until(0, loaded: false);
        Assert.Equal(1, LoadsOn(0));
    }

    [Fact]
    public async Task Stream_on_a_worker_that_holds_nothing_has_its_frames_looked_at_elsewhere()
    {
        await Hold(0, "one", held: [Model], routes: [0]);
        await Hold(1, "one", held: [], routes: [0]);
        await Until(0, loaded: true);

        await using var lease = await AcquireOn(1);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Infer(lease)));

        Assert.All(outcomes, outcome => Assert.Equal((null, true), (outcome.Skipped, outcome.Spilled)));
        Assert.All(outcomes, outcome => Assert.Equal(100, Assert.Single(outcome.Objects).Confidence, 0.5f));
        Assert.Equal(0, LoadsOn(1));
    }

    [Fact]
    public async Task Running_stream_follows_its_model_to_another_worker_and_back()
    {
        await using var lease = await AcquireOn(1);
        Assert.False((await Infer(lease)).Spilled);

        await Hold(0, "one", held: [Model], routes: [0]);
        await Until(0, loaded: true);
        await Hold(1, "one", held: [], routes: [0]);
        Assert.True((await Infer(lease)).Spilled);

        await Hold(1, "two", held: [Model], routes: [1]);
        await Until(1, loaded: true);
        Assert.Equal((null, false), await InferUntilHere(lease));
    }

    [Fact]
    public async Task Model_that_comes_here_is_served_by_the_others_until_it_is_loaded()
    {
        await Hold(0, "one", held: [Model], routes: [0]);
        await Hold(1, "one", held: [], routes: [0]);
        await Until(0, loaded: true);
        await using var lease = await AcquireOn(1);
        var loads = LoaderOf(1).Hold();

        await Hold(1, "two", held: [], routes: []);
        Assert.All(await Task.WhenAll(Infer(lease), Infer(lease)), outcome => Assert.Equal((null, true), (outcome.Skipped, outcome.Spilled)));
        loads.SetResult();
        await Until(1, loaded: true);

        Assert.Equal((null, false), await InferUntilHere(lease));
    }

    [Fact]
    public async Task Frame_that_no_worker_takes_is_looked_at_where_its_stream_is()
    {
        await Hold(1, "one", held: [], routes: [0]);
        await Hold(0, "one", held: [], routes: [1]);

        await using var lease = await AcquireOn(1);
        var outcome = await Infer(lease);

        Assert.Equal((null, false), (outcome.Skipped, outcome.Spilled));
        Assert.Equal((0, 1), (LoadsOn(0), LoadsOn(1)));
    }

    [Fact]
    public async Task Stream_goes_on_when_the_worker_that_served_it_dies()
    {
        await Hold(0, "one", held: [Model], routes: [0]);
        await Hold(1, "one", held: [], routes: [0]);
        await Until(0, loaded: true);
        await using var lease = await AcquireOn(1);
        Assert.True((await Infer(lease)).Spilled);

        await _cluster.KillSiloAsync(_cluster.Silos[0]);
        var outcome = await Infer(lease);

        Assert.Equal((null, false), (outcome.Skipped, outcome.Spilled));
    }

    [Fact]
    public async Task Status_says_what_the_worker_has_and_how_busy_its_models_are()
    {
        await using var lease = await AcquireOn(0);
        await Infer(lease);

        var status = await On(0).GetStatus();

        Assert.Equal((Environment.ProcessorCount, 0L), (status.Cores, status.GpuMemoryBytes));
        Assert.True(status.RamBytes > 0);
        Assert.True(status.Models.Single().BusyMilliseconds > 0);
        Assert.Equal(0, status.Models.Single().OldestMilliseconds);
    }

    private IInferenceService On(int silo) => Services(silo == 0 ? 1 : 0).GetRequiredService<IInferenceServiceClient>().On(_cluster.Silos[silo].SiloAddress);

    private IServiceProvider Services(int silo) => _cluster.GetSiloServiceProvider(_cluster.Silos[silo].SiloAddress);

    private int LoadsOn(int silo) => LoaderOf(silo).Loads;

    private CountingLoader LoaderOf(int silo) => (CountingLoader)Services(silo).GetRequiredService<IModelLoader>();

    private Task<IModelLease> AcquireOn(int silo) => Services(silo).GetRequiredService<IModelRepository>().AcquireAsync(Model, CancellationToken.None).AsTask();

    private Task<bool> Hold(int silo, string revision, ModelReference[] held, int[] routes) => On(silo).Hold(revision, new()
    {
        Held = held,
        Routes = routes.Length == 0 ? [] : [new(Model.ModelId, [.. routes.Select(each => _cluster.Silos[each].SiloAddress.ToParsableString())])],
        GoodFor = TimeSpan.FromMinutes(10),
    });

    private async Task Until(int silo, bool loaded)
    {
        var models = Services(silo).GetRequiredService<ModelRepository>();
        await Bench.Until(() => models.Pending(Model.ModelId) >= 0 == loaded, loaded ? "it is loaded" : "it is unloaded");
    }

    private static async Task<(SkipReason? Skipped, bool Spilled)> InferUntilHere(IModelLease lease)
    {
        var last = await Infer(lease);
        for (var look = 0; look < 1000 && last.Spilled; look++)
        {
            last = await Infer(lease);
        }

        return (last.Skipped, last.Spilled);
    }

    private static async Task<FrameOutcome> Infer(IModelLease lease)
    {
        var frame = Bench.Frame();
        try
        {
            return await lease.InferAsync(frame, Bench.Request(maySpill: true), CancellationToken.None);
        }
        finally
        {
            frame.Release();
        }
    }

    private sealed class CountingLoader : IModelLoader
    {
        private Task _hold = Task.CompletedTask;
        private int _loads;

        public int Loads => Volatile.Read(ref _loads);

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
            return new LoadedModel(Bench.Runtime(reference: model, millisecondsPerFrame: 1), new MemoryStream());
        }
    }

    private sealed class Readings : IResourceReadings, ICameraCount
    {
        public double CpuPercent => 0;

        public long MemoryBytes => 0;

        public int Running => 0;
    }
}
