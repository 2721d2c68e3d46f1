using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.WebAdmin.Pages.Live;

/// <summary>The fleet in six figures.</summary>
public sealed record FleetFigures(
    int CamerasRunning, int Cameras, double FpsInferred, long Detections, double? WorstP95Milliseconds, int WorkersUp, int Workers)
{
    /// <summary>Sums up. Pure.</summary>
    public static FleetFigures Of(SystemHealth health)
    {
        ArgumentNullException.ThrowIfNull(health);
        return new(
            health.Cameras.Count(camera => camera.State is StreamState.Running),
            health.Cameras.Length,
            health.Cameras.Sum(camera => camera.FpsInferred),
            health.Cameras.Sum(camera => camera.Detections),
            health.Cameras.Max(camera => camera.LatencyP95Milliseconds),
            health.Workers.Length,
            health.Silos.Count(silo => silo.IsWorker));
    }
}
