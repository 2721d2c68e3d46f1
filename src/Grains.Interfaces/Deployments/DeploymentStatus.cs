namespace OrleansAiFleet.Deployments;

/// <summary>Values of <c>model_deployments.deployment_status</c>. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.DeploymentStatus")]
public enum DeploymentStatus
{
    Pending = 0,
    Deploying = 1,
    Active = 2,
    Paused = 3,
    Failed = 4,
    Terminated = 5,
}
