using OrleansAiFleet.Hosting.Fleet;

namespace OrleansAiFleet.GpuWorker.Fleet;

/// <summary>
/// What makes a silo a worker: it has the classes of camera and inspection grains, which control silos lack, and none of
/// the control plane's.
/// </summary>
internal static class WorkerComposition
{
    public static WebApplicationBuilder AddWorker(this WebApplicationBuilder builder)
    {
        builder.UseFleetSilo(static _ => { });
        return builder;
    }
}
