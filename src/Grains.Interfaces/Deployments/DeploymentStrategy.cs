namespace OrleansAiFleet.Deployments;

/// <summary>Values of <c>model_deployments.deployment_strategy</c>. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.DeploymentStrategy")]
public enum DeploymentStrategy
{
    Immediate = 0,
    Gradual = 1,
    Scheduled = 2,
    OnDemand = 3,
}
