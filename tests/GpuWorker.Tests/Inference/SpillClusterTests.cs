using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

using Orleans.TestingHost;

using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

/// <summary>Two real workers and a silo that is none.</summary>
public sealed class SpillClusterTests : IAsyncLifetime, IDisposable
{
    private readonly ManualResetEventSlim _gate = new();
    private readonly InProcessTestCluster _cluster;

    public SpillClusterTests()
    {
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 3);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((silo, host) =>
        {
            if (silo.SiloName.EndsWith('2'))
            {
                return;
            }

            // The first silo is slow: its codec waits at the gate.
            var gate = silo.SiloName.EndsWith('0') ? _gate : null;
            host.Services.AddInference();
            host.Services.RemoveAll<IModelLoader>();
            host.Services.AddSingleton<IModelLoader>(new TinyLoader(gate));
            host.Services.AddSingleton<IResourceReadings, Readings>();
            host.Services.AddSingleton<ICameraCount, Readings>();
            host.Services.RemoveAll<WorkerReadings>();
            host.Services.AddSingleton(new WorkerReadings(new Readings(), new Readings(), () => 5));
            host.AddInferenceService();
        });
        _cluster = builder.Build();
    }

    public async Task InitializeAsync() => await _cluster.DeployAsync();

    public async Task DisposeAsync()
    {
        _gate.Set();
        await _cluster.DisposeAsync();
    }

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task Frames_that_would_wait_here_are_inferred_on_the_other_worker()
    {
        var model = Bench.Reference();
        var (slow, quick) = (Services(0), Services(1));
        await using var there = await quick.GetRequiredService<IModelRepository>().AcquireAsync(model, CancellationToken.None);
        await using var here = await slow.GetRequiredService<IModelRepository>().AcquireAsync(model, CancellationToken.None);
        var stuck = Enumerable.Range(0, 6).Select(_ => Infer(here, maySpill: false)).ToList();

        var spilled = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Infer(here, maySpill: true)));

        Assert.All(spilled, outcome =>
        {
            Assert.True(outcome.Spilled);
            Assert.Equal(100, Assert.Single(outcome.Objects).Confidence, 0.5f);
        });
        Assert.All(stuck, task => Assert.False(task.IsCompleted));
        _gate.Set();
        Assert.All(await Task.WhenAll(stuck), outcome => Assert.False(outcome.Spilled));
    }

    [Fact]
    public async Task Worker_says_from_any_silo_what_it_has_and_does()
    {
        var model = Bench.Reference();
        await using var lease = await Services(1).GetRequiredService<IModelRepository>().AcquireAsync(model, CancellationToken.None);
        await Infer(lease, maySpill: false);
        var service = Services(0).GetRequiredService<IInferenceServiceClient>().On(_cluster.Silos[1].SiloAddress);

        var status = await service.GetStatus();

        Assert.Equal(_cluster.Silos[1].SiloAddress.ToParsableString(), status.Silo);
        Assert.Equal(SessionFactory.Cpu, status.ExecutionProvider);
        Assert.Equal((12.5, 1024L, 3, 5L), (status.CpuPercent, status.MemoryBytes, status.Cameras, status.JournaledBatches));
        Assert.Equal((model.ModelId, 1L), (status.Models.Single().ModelId, status.Models.Single().InferenceCount));
        Assert.Equal((0, -1), (await service.GetPending(model.ModelId), await service.GetPending(Guid.NewGuid())));
    }

    [Fact]
    public async Task Message_that_makes_no_picture_fails_and_hurts_nobody()
    {
        var model = Bench.Reference();
        await using var lease = await Services(1).GetRequiredService<IModelRepository>().AcquireAsync(model, CancellationToken.None);
        var service = Services(0).GetRequiredService<IInferenceServiceClient>().On(_cluster.Silos[1].SiloAddress);

        var result = await service.Infer(new SpilledFrame { Model = model, Width = 64, Height = 64, I420 = [1, 2, 3] });

        Assert.Equal(SkipReason.Failed, result.Skipped);
        Assert.Null((await Infer(lease, maySpill: false)).Skipped);
    }

    [Fact]
    public async Task Picture_that_another_silo_sends_is_inferred_and_leaves_the_queue_when_its_sender_gives_up()
    {
        var model = Bench.Reference() with { Classes = ["bright"] };
        var slow = Services(1).GetRequiredService<IInferenceServiceClient>().On(_cluster.Silos[0].SiloAddress);
        var underWay = slow.InferPicture(Picture(model));
        await Pending(slow, model.ModelId, 0);
        using var sender = new CancellationTokenSource();
        var waiting = slow.InferPicture(Picture(model), sender.Token);
        await Pending(slow, model.ModelId, 1);

        await sender.CancelAsync();

        await Pending(slow, model.ModelId, 0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(underWay.IsCompleted);
        _gate.Set();
        var inferred = await underWay;
        Assert.Equal((null, "bright", 20f), (inferred.Fault, inferred.Objects.Single().ClassName, inferred.Objects.Single().Width));
    }

    private static PictureToInfer Picture(ModelReference model) => new()
    {
        Model = model,
        DeploymentId = Guid.NewGuid(),
        Content = PictureFiles.Grey(20, 10),
        Timeout = TimeSpan.FromMinutes(1),
        MostSide = 100,
        MostPixels = 1000,
    };

    private static async Task Pending(IInferenceService worker, Guid model, int expected)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await worker.GetPending(model) is var pending && pending != expected)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60), $"{pending} wait, not {expected}");
            await Task.Delay(5);
        }
    }

    private IServiceProvider Services(int silo) => _cluster.GetSiloServiceProvider(_cluster.Silos[silo].SiloAddress);

    private static async Task<FrameOutcome> Infer(IModelLease lease, bool maySpill)
    {
        var frame = Bench.Frame();
        try
        {
            return await lease.InferAsync(frame, Bench.Request(maySpill: maySpill), CancellationToken.None);
        }
        finally
        {
            frame.Release();
        }
    }

    private sealed class TinyLoader(ManualResetEventSlim? gate) : IModelLoader
    {
        public Task<LoadedModel> LoadAsync(ModelReference model, CancellationToken cancellationToken) => Task.FromResult(
            new LoadedModel(
                Bench.Runtime(reference: model, gate: gate, maximumBatch: 1, millisecondsPerFrame: 50), new MemoryStream()));
    }

    private sealed class Readings : IResourceReadings, ICameraCount
    {
        public double CpuPercent => 12.5;

        public long MemoryBytes => 1024;

        public int Running => 3;
    }
}
