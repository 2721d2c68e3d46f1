using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments;

public sealed partial record Deployment
{
    // Rollback and versioning

    /// <summary><c>rollback_model_id</c>.</summary>
    [Id(36)]
    public Guid? RollbackModelId { get; init; }

    /// <summary><c>rollback_enabled</c>.</summary>
    [Id(37)]
    public bool RollbackEnabled { get; init; } = true;

    /// <summary><c>previous_deployment_id</c>: Reference to previous deployment.</summary>
    [Id(38)]
    public Guid? PreviousDeploymentId { get; init; }

    /// <summary><c>deployment_notes</c>.</summary>
    [Id(39)]
    public string? DeploymentNotes { get; init; }

    /// <summary><c>rollback_trigger_conditions</c>.</summary>
    [Id(40)]
    public JsonText? RollbackTriggerConditions { get; init; }
}
