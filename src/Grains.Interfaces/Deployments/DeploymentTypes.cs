namespace OrleansAiFleet.Deployments;

/// <summary>What types of deployments mean.</summary>
public static class DeploymentTypes
{
    /// <summary>Whether it is a trial: run and measured, and nobody relies on it. Nothing of it leaves the fleet.</summary>
    public static bool IsTrial(this DeploymentType type) => type is DeploymentType.Staging or DeploymentType.Testing;
}
