using OrleansAiFleet.Fleet;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Deployments;

/// <summary>When a deployment goes to work and when it is over, by its row and its site's maintenance windows. Pure.</summary>
internal static class DeploymentSchedule
{
    /// <summary>What is wrong with its times by themselves, or null.</summary>
    public static Refusal? Judge(Deployment deployment) => (deployment.DeploymentStrategy, deployment.ScheduledStartTime) switch
    {
        (DeploymentStrategy.Scheduled, null) => Refusal.Invalid(
            "scheduled_start_time", "The strategy scheduled needs the time at which it starts."),
        (not DeploymentStrategy.Scheduled, { }) => Refusal.Invalid(
            "scheduled_start_time", "Only a deployment with deployment_strategy scheduled waits for its start: leave the time out, or take that strategy."),
        (_, { } start) when deployment.ScheduledEndTime <= start => Refusal.Invalid(
            "scheduled_end_time", "scheduled_end_time must be after scheduled_start_time."),
        _ => null,
    };

    /// <summary>What is wrong with its times now, or null.</summary>
    public static Refusal? Judge(Deployment deployment, DateTimeOffset now) => IsOver(deployment, now)
        ? Refusal.Invalid("scheduled_end_time", $"scheduled_end_time {deployment.ScheduledEndTime:O} is over.")
        : null;

    /// <summary>What is wrong with a change of its times, or null.</summary>
    public static Refusal? JudgeChange(Deployment before, Deployment after, DateTimeOffset now)
    {
        if (after.ScheduledStartTime != before.ScheduledStartTime && before.DeploymentStatus != DeploymentStatus.Pending)
        {
            return Refusal.Conflict("scheduled_start_time", "It has started: only the start of a deployment that waits can be moved.");
        }

        return after.ScheduledEndTime == before.ScheduledEndTime ? null : Judge(after, now);
    }

    /// <summary>Whether it has to be ended.</summary>
    public static bool IsOver(Deployment deployment, DateTimeOffset now) => deployment.ScheduledEndTime <= now;

    /// <summary>
    /// The first moment from now on at which it may go to work: at its start or later, and where the site has maintenance windows, inside
    /// one of them.
    /// </summary>
    public static DateTimeOffset FindStart(Deployment deployment, Site site, DateTimeOffset now)
    {
        var earliest = deployment.ScheduledStartTime is { } start && start > now ? start : now;
        return MaintenanceWindows.FindOpening(site.MaintenanceWindows, site.TimeZone, earliest) ?? earliest;
    }
}
