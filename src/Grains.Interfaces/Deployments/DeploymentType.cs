namespace OrleansAiFleet.Deployments;

/// <summary>Values of <c>model_deployments.deployment_type</c>. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.DeploymentType")]
public enum DeploymentType
{
    Production = 0,
    Staging = 1,
    Testing = 2,
    Canary = 3,
    BlueGreen = 4,
}
