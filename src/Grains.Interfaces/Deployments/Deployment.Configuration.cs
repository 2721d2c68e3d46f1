namespace OrleansAiFleet.Deployments;

public sealed partial record Deployment
{
    // Deployment configuration

    /// <summary><c>deployment_status</c>.</summary>
    [Id(4)]
    public DeploymentStatus DeploymentStatus { get; init; } = DeploymentStatus.Pending;

    /// <summary><c>deployment_type</c>.</summary>
    [Id(5)]
    public DeploymentType DeploymentType { get; init; } = DeploymentType.Production;

    /// <summary><c>deployment_strategy</c>.</summary>
    [Id(6)]
    public DeploymentStrategy DeploymentStrategy { get; init; } = DeploymentStrategy.Immediate;
}
