using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansAiFleet.Benchmarks.Rollouts;
using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.Models;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>Two worker silos that speak over TCP, each with an inference service that has the sample model.</summary>
internal sealed class TwoWorkers : IAsyncDisposable
{
    private readonly IHost _first;
    private readonly IHost _second;

    private TwoWorkers(IHost first, IHost second, ModelRuntime runtime) => (_first, _second, Runtime) = (first, second, runtime);

    /// <summary>The sample model on the second.</summary>
    public ModelRuntime Runtime { get; }

    public IServiceProvider First => _first.Services;

    public IServiceProvider Second => _second.Services;

    public static async Task<TwoWorkers> StartAsync(CancellationToken cancellationToken)
    {
        var port = FreePorts.Find(4);
        var runtime = SampleRuntime.Start(SampleRuntime.Sessions(), maximumBatch: null, cancellationToken);
        var first = Build(port, primary: null, runtime);
        await first.StartAsync(cancellationToken);
        var second = Build(port + 2, new IPEndPoint(IPAddress.Loopback, port), runtime);
        await second.StartAsync(cancellationToken);
        return new(first, second, runtime);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in (IHost[])[_second, _first])
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    private static IHost Build(int port, IPEndPoint? primary, ModelRuntime runtime)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, port + 1, primary);
            silo.AddInferenceService();

            // Of another benchmark, with the type of a worker's own.
            silo.Services.PostConfigure<GrainTypeOptions>(types => types.Classes.Remove(typeof(StillStreamGrain)));
        });
        builder.Services.AddInference();
        builder.Services.RemoveAll<IModelLoader>().AddSingleton<IModelLoader>(new SampleLoader(runtime));
        builder.Services.RemoveAll<WorkerReadings>().AddSingleton(new WorkerReadings(new Idle(), new Idle(), () => 0));
        return builder.Build();
    }

    private sealed class SampleLoader(ModelRuntime runtime) : IModelLoader
    {
        public Task<LoadedModel> LoadAsync(ModelReference model, CancellationToken cancellationToken) =>
            Task.FromResult(new LoadedModel(runtime, new MemoryStream()));
    }

    private sealed class Idle : IResourceReadings, ICameraCount
    {
        public double CpuPercent => 0;

        public long MemoryBytes => 0;

        public int Running => 0;
    }
}
