using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Hosting.Fleet;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.GpuWorker.Fleet;

/// <summary>
/// What makes a silo a worker: it has the classes of camera and inspection grains, which control silos lack, and none of
/// the control plane's.
/// </summary>
internal static class WorkerComposition
{
    /// <summary>Runs a worker until it is stopped.</summary>
    public static async Task RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddFleet(FleetRole.Worker);
        builder.Services.AddDatabaseWait();
        builder.AddWorker();

        var app = builder.Build();
        app.UseFleetAccess();
        app.MapFleet();
        await app.RunFleetAsync();
    }

    public static WebApplicationBuilder AddWorker(this WebApplicationBuilder builder)
    {
        builder.Services.AddFrameBatches().AddFrameLedger().AddInference().AddCameraStreams();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ModelFileCache>());
        builder.UseFleetSilo(static silo => silo.AddInferenceService());
        return builder;
    }
}
