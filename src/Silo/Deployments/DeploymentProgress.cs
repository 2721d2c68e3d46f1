using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;

namespace OrleansAiFleet.Silo.Deployments;

/// <summary>How one deployment does now.</summary>
public sealed record DeploymentProgress
{
    public required Guid DeploymentId { get; init; }

    public required DeploymentStatus DeploymentStatus { get; init; }

    public DateTimeOffset? DeployedAt { get; init; }

    public DateTimeOffset? LastHealthCheck { get; init; }

    /// <summary>Cameras that this deployment names, or all of its site, as of the supervisor's last round.</summary>
    public required CameraStatus[] Cameras { get; init; }

    /// <summary>Those of them whose frames arrive.</summary>
    public int CamerasRunning => Cameras.Count(camera => camera.State is StreamState.Running);

    /// <summary>Joins the row with the streams. Pure.</summary>
    internal static DeploymentProgress Of(Deployment deployment, IEnumerable<CameraStatus> streams) => new()
    {
        DeploymentId = deployment.Id,
        DeploymentStatus = deployment.DeploymentStatus,
        DeployedAt = deployment.DeployedAt,
        LastHealthCheck = deployment.LastHealthCheck,
        Cameras = deployment.DeploymentStatus is DeploymentStatus.Active
            ? [.. streams.Where(stream => deployment.LooksAt(stream.CameraId, stream.SiteId))]
            : [],
    };
}
