namespace OrleansAiFleet.Models;

/// <summary>Where model versions are at work, out of the rows. Of the host's process.</summary>
public interface IModelUseReader
{
    /// <summary>Deployments that run a version or would go back to it, live ones first; none where it was never deployed.</summary>
    Task<IReadOnlyList<ModelUse>> ReadAsync(Guid modelId, CancellationToken cancellationToken);

    /// <summary>Cameras on which any version of a model runs or would run with one more deployment, each once.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="deploymentId">The deployment that comes; where it runs by now does not count.</param>
    /// <param name="siteId">Its site.</param>
    /// <param name="cameras">Its cameras; null: all of the site.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<int> CountSeatsAsync(string name, Guid deploymentId, Guid siteId, Guid[]? cameras, CancellationToken cancellationToken);
}

/// <summary>One deployment of a model version.</summary>
/// <param name="DeploymentId">Which.</param>
/// <param name="DeploymentName">Its name.</param>
/// <param name="SiteId">Where.</param>
/// <param name="SiteName">Where, for people.</param>
/// <param name="IsLive">Whether it is under way, at work or paused.</param>
/// <param name="IsRollback">Whether the version is not what it runs but what it would go back to.</param>
public sealed record ModelUse(
    Guid DeploymentId, string DeploymentName, Guid SiteId, string SiteName, bool IsLive, bool IsRollback);
