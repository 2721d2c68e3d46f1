using Orleans.Concurrency;

namespace OrleansAiFleet.Deployments;

/// <summary>One deployment of one model version to one site. Key: the row's id. Its state is its row in <c>model_deployments</c>.</summary>
[Alias("Fleet.IDeploymentGrain")]
public interface IDeploymentGrain : IGrainWithGuidKey
{
    /// <summary>
    /// Makes the deployment's row and, by its strategy, puts it to work: at once, when its time comes, or step by step in a rollout from the
    /// deployment before it. Asking again for the same row changes nothing.
    /// </summary>
    /// <exception cref="Fleet.FleetRefusedException">Model, site or camera do not exist, or a setting cannot be taken.</exception>
    [Alias("Deploy")]
    Task<Deployment> Deploy(Deployment deployment);

    /// <summary>The row, or null where nobody deployed it.</summary>
    [Alias("Get"), ReadOnly]
    Task<Deployment?> Get();

    /// <summary>The row with its version, or null where nobody deployed it.</summary>
    [Alias("GetStored"), ReadOnly]
    Task<StoredDeployment?> GetStored();

    /// <summary>Changes columns; its cameras take the change up without losing a frame.</summary>
    /// <exception cref="Fleet.FleetRefusedException">
    /// There is no such deployment, it was terminated, a column is not to be changed so, or a value cannot be taken; nothing was changed.
    /// </exception>
    /// <exception cref="Fleet.RowConflictException">The row is another version.</exception>
    [Alias("Edit")]
    Task<StoredDeployment> Edit(EditDeployment edit);

    /// <summary>Goes to work or ends if its schedule says so now. Called every few seconds once its time has come.</summary>
    [Alias("LookAtSchedule")]
    Task LookAtSchedule();

    /// <summary>Goes to work as the candidate of its rollout. Idempotent.</summary>
    /// <exception cref="Fleet.FleetRefusedException">There is no such deployment, or it was terminated.</exception>
    [Alias("Join")]
    Task<Deployment> Join();

    /// <summary>Takes the deployment off its cameras until it is resumed. Idempotent.</summary>
    /// <exception cref="Fleet.FleetRefusedException">There is no such deployment, or it is not at work.</exception>
    [Alias("Pause")]
    Task<Deployment> Pause();

    /// <summary>Puts a paused deployment to work again; it is judged anew. Idempotent.</summary>
    /// <exception cref="Fleet.FleetRefusedException">There is no such deployment, it is not paused, or it may not be deployed any more.</exception>
    [Alias("Resume")]
    Task<Deployment> Resume();

    /// <summary>Takes the deployment off its cameras for good. Idempotent.</summary>
    [Alias("Terminate")]
    Task<Deployment> Terminate();

    /// <summary>
    /// Takes up another version of its model: the cameras change over without losing a frame. The version it has already changes
    /// nothing. A deployment that is not live refuses.
    /// </summary>
    /// <exception cref="Fleet.FleetRefusedException">The version cannot be deployed here.</exception>
    [Alias("SwitchModel")]
    Task<Deployment> SwitchModel(Guid modelId);

    /// <summary>A rollout's candidate becomes what the stable deployment was. Idempotent.</summary>
    /// <param name="type">The stable deployment's type.</param>
    /// <exception cref="Fleet.FleetRefusedException">There is no such deployment.</exception>
    [Alias("TakeOver")]
    Task<Deployment> TakeOver(DeploymentType type);

    /// <summary>Takes over the key of the deployment whose place it takes, so that its callers go on. A key of its own that it has already stays.</summary>
    /// <param name="storedKey">What is kept of that key.</param>
    /// <exception cref="Fleet.FleetRefusedException">There is no such deployment, or it was terminated.</exception>
    [Alias("InheritApiKey")]
    Task<Deployment> InheritApiKey(string storedKey);

    /// <summary>What the licence of its model says against it now, overridden or not yet, as sentences.</summary>
    [Alias("GetLicenseWarnings"), ReadOnly]
    Task<string[]> GetLicenseWarnings();

    /// <summary>Says who may have pictures of their own inferred, and how many. The same again changes nothing.</summary>
    /// <exception cref="Fleet.FleetRefusedException">There is no such deployment, it was terminated, or a value cannot be taken.</exception>
    [Alias("SetApiAccess")]
    Task<Deployment> SetApiAccess(DeploymentApiAccess access);

    /// <summary>Gives the deployment a key in place of the one it has, which ends at once; null takes it away.</summary>
    /// <param name="storedKey">What is kept of it: never the key itself.</param>
    /// <exception cref="Fleet.FleetRefusedException">There is no such deployment, or it was terminated and is to get one.</exception>
    [Alias("SetApiKey")]
    Task<Deployment> SetApiKey(string? storedKey);

    /// <summary>Says where its detections are sent. A secret that is left out stays as it is. The same again changes nothing.</summary>
    /// <param name="outputDestinations">The whole array, as <c>output_destinations</c> has it; null: nowhere.</param>
    /// <exception cref="Fleet.FleetRefusedException">There is no such deployment, it was terminated, or a destination cannot be taken.</exception>
    [Alias("SetDestinations")]
    Task<Deployment> SetDestinations(Fleet.JsonText? outputDestinations);
}
