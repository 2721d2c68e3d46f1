using OrleansAiFleet.Deployments;

namespace OrleansAiFleet.Fleet;

/// <summary>Asks silos, workers and the camera supervisor how they do. Holds nothing; key 0.</summary>
[Alias("Fleet.ISystemHealthGrain")]
public interface ISystemHealthGrain : IGrainWithIntegerKey
{
    /// <summary>How the fleet does now. A worker that does not answer within two seconds is left out and named in the reasons.</summary>
    /// <param name="sites">
    /// Only cameras of these sites, and no figures of silos and workers, which are everybody's; null for the whole fleet.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("Check"), ResponseTimeout("00:00:10")]
    Task<SystemHealth> Check(Guid[]? sites = null, CancellationToken cancellationToken = default);

    /// <summary>How a site and its deployments do now.</summary>
    /// <exception cref="FleetRefusedException">The database is away.</exception>
    [Alias("CheckSite"), ResponseTimeout("00:00:10")]
    Task<SiteHealth> CheckSite(Guid siteId, CancellationToken cancellationToken = default);

    /// <summary>How a deployment does now; null: there is none.</summary>
    /// <exception cref="FleetRefusedException">The database is away.</exception>
    [Alias("CheckDeployment"), ResponseTimeout("00:00:10")]
    Task<DeploymentHealth?> CheckDeployment(Guid deploymentId, CancellationToken cancellationToken = default);
}
