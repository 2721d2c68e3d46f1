using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;

namespace OrleansAiFleet.Silo.Deployments;

/// <summary>
/// When deployments at work were last looked at: the supervisor asks all of their cameras every few seconds. Not stored: thousands of rows
/// would be written every few seconds to say that nothing changed.
/// </summary>
internal static class LastHealthCheck
{
    /// <summary>When that was; null while the supervisor does not answer.</summary>
    public static async Task<DateTimeOffset?> FindLastHealthCheckAsync(this IGrainFactory grains)
    {
        try
        {
            return await grains.GetGrain<ICameraSupervisorGrain>(0).GetLastRound();
        }
        catch (Exception silent) when (silent is TimeoutException or OrleansException)
        {
            return null;
        }
    }

    /// <summary>The row with it.</summary>
    public static Deployment CheckedAt(this Deployment deployment, DateTimeOffset? lastRound) =>
        deployment.DeploymentStatus == DeploymentStatus.Active ? deployment with { LastHealthCheck = lastRound } : deployment;
}
