using System.Globalization;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Deployments;

/// <summary>Judges how a deployment does from what was found out. Pure.</summary>
internal static class DeploymentHealthPolicy
{
    // Named one by one; the rest is a number.
    private const int MostCameras = 20;

    /// <summary>How a deployment does.</summary>
    /// <param name="facts">What its rows say.</param>
    /// <param name="cameras">What is known of its site's cameras.</param>
    /// <param name="maintenance">What its site is under; null: nothing.</param>
    /// <param name="now">Now.</param>
    public static DeploymentHealth Judge(
        DeploymentFacts facts, IReadOnlyCollection<CameraStatus> cameras, MaintenanceMode? maintenance, DateTimeOffset now)
    {
        var deployment = facts.Deployment;
        CameraStatus[] own = deployment.DeploymentStatus == DeploymentStatus.Active
            ? [.. cameras.Where(camera => deployment.LooksAt(camera.CameraId, camera.SiteId))]
            : [];
        var troubles = own.Select(camera => Trouble(facts, camera)).OfType<string>().ToList();
        var verdict = deployment.DeploymentStatus == DeploymentStatus.Active
            ? Active(facts, own.Length, troubles, maintenance)
            : Inactive(deployment);
        return new()
        {
            DeploymentId = deployment.Id,
            DeploymentName = deployment.DeploymentName,
            DeploymentStatus = deployment.DeploymentStatus,
            Status = verdict.Level,
            Reasons = [.. verdict.Reasons],
            Cameras = own.Length,
            CamerasServed = own.Length - troubles.Count,
            ErrorRatePercentage = facts.Window?.ErrorRatePercentage,
            LatencyP95Ms = facts.Window?.LatencyP95Ms,
            CheckedAt = now,
        };
    }

    /// <summary>How a site does, given its deployments.</summary>
    public static SiteHealth Judge(Guid site, IEnumerable<DeploymentHealth> deployments, MaintenanceMode? maintenance, DateTimeOffset now)
    {
        DeploymentHealth[] all = [.. deployments.OrderBy(each => each.DeploymentName, StringComparer.Ordinal).ThenBy(each => each.DeploymentId)];
        return new()
        {
            SiteId = site,
            Status = all.Select(each => each.Status).DefaultIfEmpty(HealthLevel.Healthy).Max(),
            Reasons = [.. all.Where(each => each.Status != HealthLevel.Healthy)
                .SelectMany(each => each.Reasons.Select(reason => $"Deployment '{each.DeploymentName}': {reason}"))],
            Maintenance = maintenance,
            Deployments = all,
            CheckedAt = now,
        };
    }

    private static HealthVerdict Active(DeploymentFacts facts, int cameras, List<string> troubles, MaintenanceMode? maintenance)
    {
        List<string> reasons = [.. Figures(facts), .. Held(facts), .. Short(facts)];

        // What cameras do that are being worked on is nobody's fault.
        if (maintenance is not null)
        {
            return new(reasons.Count > 0 ? HealthLevel.Degraded : HealthLevel.Healthy, [$"Maintenance: {maintenance.Reason}", .. reasons]);
        }

        if (cameras == 0 && facts.Deployment.DeploymentStrategy != DeploymentStrategy.OnDemand)
        {
            reasons.Add("It has no camera to look at.");
        }

        reasons.AddRange(troubles.Take(MostCameras));
        if (troubles.Count > MostCameras)
        {
            reasons.Add($"{troubles.Count - MostCameras} more of its cameras are not served.");
        }

        var nobodyLooks = cameras > 0 && troubles.Count == cameras;
        return new(nobodyLooks ? HealthLevel.Unhealthy : reasons.Count > 0 ? HealthLevel.Degraded : HealthLevel.Healthy, reasons);
    }

    private static HealthVerdict Inactive(Deployment deployment) => deployment.DeploymentStatus switch
    {
        DeploymentStatus.Failed => new(HealthLevel.Unhealthy, ["It could not go to work. Ask for it again once the cause is removed, or end it."]),
        DeploymentStatus.Paused => new(HealthLevel.Degraded, ["It is paused."]),
        DeploymentStatus.Terminated => new(HealthLevel.Healthy, ["It was terminated."]),
        DeploymentStatus.Pending when deployment.DeploymentStrategy == DeploymentStrategy.Scheduled =>
            new(HealthLevel.Healthy, [$"It waits for {Text(deployment.NextMaintenanceWindow ?? deployment.ScheduledStartTime)}."]),
        DeploymentStatus.Pending when deployment.DeploymentStrategy == DeploymentStrategy.Gradual =>
            new(HealthLevel.Healthy, ["It waits for its rollout to begin."]),
        _ => new(HealthLevel.Healthy, ["It is on its way to work."]),
    };

    private static IEnumerable<string> Figures(DeploymentFacts facts)
    {
        var deployment = facts.Deployment;
        if (deployment is { MonitoringEnabled: true, AlertOnErrors: true }
            && facts.Window?.ErrorRatePercentage is { } rate && rate > deployment.ErrorRateAlertThreshold)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{rate:0.##} % of its frames ended in an error since {facts.Window.MetricTimestamp:HH:mm} UTC; "
                + $"{deployment.ErrorRateAlertThreshold:0.##} % are allowed.");
        }
    }

    private static IEnumerable<string> Held(DeploymentFacts facts)
    {
        if (facts.Rollout is { Progress: { Hold: RolloutHold.AwaitsPerson or RolloutHold.Inconclusive or RolloutHold.Frozen } progress })
        {
            yield return $"Its rollout does not go on: {progress.Reason}";
        }
    }

    // What is not scaled any more, or not while versions are compared, may have a word of the scheduler's left from before.
    private static IEnumerable<string> Short(DeploymentFacts facts)
    {
        if (facts is { Rollout: null, Scaling: { Refusal: { } refusal } scaling } && scaling.Workers.Length < scaling.Wanted
            && (facts.Deployment.AutoScalingEnabled || facts.Deployment.DeploymentStrategy == DeploymentStrategy.OnDemand))
        {
            yield return refusal;
        }
    }

    private static string? Trouble(DeploymentFacts facts, CameraStatus camera) => camera switch
    {
        // A file that was not to be looped and came to its end is done.
        { State: StreamState.Ended } => null,
        { State: not StreamState.Running } => $"Camera {camera.Name} is {camera.State.ToString().ToLowerInvariant()}{Problem(camera)}.",
        _ when camera.Live.Contains(facts.Deployment.Id) || IsGivenAway(facts, camera) => null,
        _ => $"Camera {camera.Name} has not its model{Problem(camera)}.",
    };

    private static bool IsGivenAway(DeploymentFacts facts, CameraStatus camera) => facts.Rollout is { } rollout
        && camera.Live.Contains(facts.Deployment.Id == rollout.Id ? rollout.StableDeploymentId : rollout.Id);

    private static string Problem(CameraStatus camera) => camera.Problem is { } problem ? $": {problem.TrimEnd('.')}" : "";

    private static string Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "its time";
}
