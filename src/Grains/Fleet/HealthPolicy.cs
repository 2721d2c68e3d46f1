using OrleansAiFleet.Cameras;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Fleet;

/// <summary>Judges how the fleet does from what was found out. Pure.</summary>
internal static class HealthPolicy
{
    /// <summary>Most cameras named one by one; the rest is a number.</summary>
    private const int MaximumCameraReasons = 20;

    /// <summary>Level and reasons for these findings.</summary>
    public static HealthVerdict Judge(HealthFindings findings)
    {
        List<string> reasons = [.. Silos(findings), .. Workers(findings), .. Cameras(findings)];

        // Where people work on cameras, one that does not run says nothing.
        var minded = findings.Cameras.Where(camera => !findings.IsWorkedOn(camera.SiteId));

        // A file that was not to be looped and came to its end is done, not unwatched.
        var watchable = minded.Where(camera => camera.State != StreamState.Ended).ToList();
        var nobodyWatches = watchable.Count > 0 && watchable.TrueForAll(camera => camera.State != StreamState.Running);
        return new(
            nobodyWatches ? HealthLevel.Unhealthy : reasons.Count > 0 ? HealthLevel.Degraded : HealthLevel.Healthy,
            reasons);
    }

    private static IEnumerable<string> Silos(HealthFindings findings) =>
        findings.Silos.Where(silo => silo.Status != nameof(SiloStatus.Active))
            .Select(silo => $"Silo {silo.Name} is {silo.Status}.");

    private static IEnumerable<string> Workers(HealthFindings findings)
    {
        if (!findings.Silos.Any(silo => silo.IsWorker && silo.Status == nameof(SiloStatus.Active)))
        {
            yield return "No worker is up.";
        }

        foreach (var silo in findings.SilentWorkers)
        {
            yield return $"Worker {silo} does not answer.";
        }

        foreach (var worker in findings.Workers.Where(worker => worker.JournaledBatches > 0))
        {
            yield return $"Worker {worker.Silo} keeps {worker.JournaledBatches} batches of frames until the database takes them.";
        }
    }

    private static IEnumerable<string> Cameras(HealthFindings findings)
    {
        if (!findings.SupervisorAnswers)
        {
            yield return "The camera supervisor does not answer.";
        }

        var troubled = findings.Cameras.Where(camera => !findings.IsWorkedOn(camera.SiteId)).Select(Trouble).OfType<string>().ToList();
        foreach (var reason in troubled.Take(MaximumCameraReasons))
        {
            yield return reason;
        }

        if (troubled.Count > MaximumCameraReasons)
        {
            yield return $"{troubled.Count - MaximumCameraReasons} more cameras are not well.";
        }
    }

    private static string? Trouble(CameraStatus camera) => camera switch
    {
        { State: StreamState.Ended } => null,
        { State: StreamState.Starting } => $"Camera {camera.Name} is starting.",
        { State: StreamState.Stopped } => $"Camera {camera.Name} is stopped.",
        { State: StreamState.Reconnecting } => $"Camera {camera.Name} is reconnecting: {camera.Problem ?? "no reason given"}.",
        { Grade: CameraGrade.Poor or CameraGrade.Unusable } =>
            $"Camera {camera.Name} has a connection that is {(camera.Grade == CameraGrade.Poor ? "poor" : "unusable")}.",
        _ => null,
    };
}

/// <summary>What was found out about the fleet.</summary>
/// <param name="Silos">Silos that are not dead.</param>
/// <param name="Workers">Workers that answered.</param>
/// <param name="SilentWorkers">Names of workers that did not.</param>
/// <param name="Cameras">What the supervisor says of every wanted camera.</param>
/// <param name="SupervisorAnswers">It did.</param>
/// <param name="Maintenance">Where maintenance is going on.</param>
internal sealed record HealthFindings(
    IReadOnlyList<ClusterMember> Silos,
    IReadOnlyList<WorkerStatus> Workers,
    IReadOnlyList<string> SilentWorkers,
    IReadOnlyList<CameraStatus> Cameras,
    bool SupervisorAnswers,
    IReadOnlyList<MaintenanceMode> Maintenance)
{
    /// <summary>Whether the site or the whole fleet is under maintenance.</summary>
    public bool IsWorkedOn(Guid site) => Maintenance.Any(mode => mode.Id == site || mode.Id == MaintenanceMode.WholeFleet);
}

/// <summary>How the fleet does, and why it is not better.</summary>
internal sealed record HealthVerdict(HealthLevel Level, IReadOnlyList<string> Reasons);
