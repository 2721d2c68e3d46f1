namespace OrleansAiFleet.Deployments;

public sealed partial record Deployment
{
    // Deployment timing

    /// <summary><c>scheduled_start_time</c>: not before; with the strategy scheduled alone.</summary>
    [Id(17)]
    public DateTimeOffset? ScheduledStartTime { get; init; }

    /// <summary><c>scheduled_end_time</c>: when it is terminated; null: when somebody says so.</summary>
    [Id(18)]
    public DateTimeOffset? ScheduledEndTime { get; init; }

    /// <summary><c>deployed_at</c>.</summary>
    [Id(19)]
    public DateTimeOffset? DeployedAt { get; init; }

    /// <summary><c>last_health_check</c>: when its cameras were last looked at; found out when it is read, and not stored.</summary>
    [Id(20)]
    public DateTimeOffset? LastHealthCheck { get; init; }

    /// <summary><c>next_maintenance_window</c>: the opening of its site's windows that a scheduled deployment waits for; the fleet's to say.</summary>
    [Id(21)]
    public DateTimeOffset? NextMaintenanceWindow { get; init; }
}
