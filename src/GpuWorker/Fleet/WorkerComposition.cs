using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.Hosting.Fleet;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.GpuWorker.Fleet;

/// <summary>
/// What makes a silo a worker: it has the classes of camera and inspection grains, which control silos lack, and none of
/// the control plane's.
/// </summary>
internal static class WorkerComposition
{
    public static WebApplicationBuilder AddWorker(this WebApplicationBuilder builder)
    {
        builder.Services.AddFrameBatches().AddFrameLedger().AddInference().AddCameraStreams();
        builder.UseFleetSilo(static silo => silo.AddInferenceService());
        return builder;
    }
}
