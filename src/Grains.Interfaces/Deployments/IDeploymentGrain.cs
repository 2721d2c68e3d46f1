using Orleans.Concurrency;

namespace OrleansAiFleet.Deployments;

/// <summary>One deployment of one model version to one site. Key: the row's id. Its state is its row in <c>model_deployments</c>.</summary>
[Alias("Fleet.IDeploymentGrain")]
public interface IDeploymentGrain : IGrainWithGuidKey
{
    /// <summary>Makes the deployment's row and, with the immediate strategy, puts it to work. Asking again for the same row changes nothing.</summary>
    /// <exception cref="Fleet.FleetRefusedException">Model, site or camera do not exist, or a setting cannot be taken.</exception>
    [Alias("Deploy")]
    Task<Deployment> Deploy(Deployment deployment);

    /// <summary>The row, or null where nobody deployed it.</summary>
    [Alias("Get"), ReadOnly]
    Task<Deployment?> Get();

    /// <summary>Takes the deployment off its cameras for good. Idempotent.</summary>
    [Alias("Terminate")]
    Task<Deployment> Terminate();
}
