using Orleans.Concurrency;

namespace OrleansAiFleet.Sites;

/// <summary>The maintenance mode of a site or the fleet. Key: the site's id, or <see cref="MaintenanceMode.WholeFleet"/>.</summary>
[Alias("Fleet.IMaintenanceGrain")]
public interface IMaintenanceGrain : IGrainWithGuidKey
{
    /// <summary>Turns it on, or says something else of it while it is on. The same again changes nothing.</summary>
    /// <param name="reason">One sentence.</param>
    /// <param name="endsAt">When it ends by itself; null: when somebody says so.</param>
    /// <param name="by">Who says so.</param>
    /// <exception cref="Fleet.FleetRefusedException">There is no such site, there is no reason, or the end is over.</exception>
    [Alias("Enable")]
    Task<MaintenanceMode> Enable(string reason, DateTimeOffset? endsAt, Guid? by);

    /// <summary>Turns it off. Idempotent.</summary>
    /// <exception cref="Fleet.FleetRefusedException">There is no such site.</exception>
    [Alias("Disable")]
    Task<MaintenanceMode> Disable(Guid? by);

    /// <summary>How it is; one that nobody ever turned on is off.</summary>
    [Alias("Get"), ReadOnly]
    Task<MaintenanceMode> Get();
}
