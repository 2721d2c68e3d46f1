using System.Collections.Frozen;

namespace OrleansAiFleet.Deployments;

/// <summary>Which status a deployment may go to from which. Pure.</summary>
internal static class DeploymentTransitions
{
    private static readonly FrozenDictionary<DeploymentStatus, DeploymentStatus[]> Next =
        new Dictionary<DeploymentStatus, DeploymentStatus[]>
        {
            [DeploymentStatus.Pending] = [DeploymentStatus.Deploying, DeploymentStatus.Failed, DeploymentStatus.Terminated],
            [DeploymentStatus.Deploying] = [DeploymentStatus.Active, DeploymentStatus.Failed, DeploymentStatus.Terminated],
            [DeploymentStatus.Active] = [DeploymentStatus.Paused, DeploymentStatus.Failed, DeploymentStatus.Terminated],
            [DeploymentStatus.Paused] = [DeploymentStatus.Active, DeploymentStatus.Failed, DeploymentStatus.Terminated],
            [DeploymentStatus.Failed] = [DeploymentStatus.Deploying, DeploymentStatus.Terminated],
            [DeploymentStatus.Terminated] = [],
        }.ToFrozenDictionary();

    /// <summary>Whether this step may be taken; staying where one is is no step.</summary>
    public static bool May(DeploymentStatus from, DeploymentStatus to) => Next[from].Contains(to);

    /// <summary>It is on its way to the cameras and must be brought there, whoever started it.</summary>
    public static bool IsUnderWay(DeploymentStatus status) =>
        status is DeploymentStatus.Pending or DeploymentStatus.Deploying;

    /// <summary>Nothing can follow.</summary>
    public static bool IsFinal(DeploymentStatus status) => Next[status].Length == 0;

    /// <summary>The row in its new status.</summary>
    /// <exception cref="InvalidOperationException">The step may not be taken: the caller did not ask <see cref="May"/>.</exception>
    public static Deployment Step(Deployment deployment, DeploymentStatus to, DateTimeOffset now)
    {
        if (!May(deployment.DeploymentStatus, to))
        {
            throw new InvalidOperationException(
                $"Deployment {deployment.Id:D} is {deployment.DeploymentStatus} and cannot become {to}.");
        }

        return deployment with
        {
            DeploymentStatus = to,
            UpdatedAt = now,

            // When it first went to work; a pause does not move it.
            DeployedAt = to == DeploymentStatus.Active ? deployment.DeployedAt ?? now : deployment.DeployedAt,
        };
    }
}
