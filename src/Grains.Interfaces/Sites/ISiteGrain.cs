using Orleans.Concurrency;

namespace OrleansAiFleet.Sites;

/// <summary>One construction site. Key: the row's id. Its state is its row in <c>sites</c>.</summary>
[Alias("Fleet.ISiteGrain")]
public interface ISiteGrain : IGrainWithGuidKey
{
    /// <summary>Makes the site's row. Asking again for the same row changes nothing.</summary>
    /// <exception cref="Fleet.FleetRefusedException">The id or the name is taken.</exception>
    [Alias("Create")]
    Task<Site> Create(Site site);

    /// <summary>The row, or null where nobody created it.</summary>
    [Alias("Get"), ReadOnly]
    Task<Site?> Get();

    /// <summary>Makes these the networks in which the site's cameras may be.</summary>
    /// <exception cref="Fleet.FleetRefusedException">There is no such site, or one of them is no network.</exception>
    [Alias("SetAllowedNetworks")]
    Task<Site> SetAllowedNetworks(string[] networks);

    /// <summary>Says how long the site's data are kept, in whole days; null: as long as the fleet's settings say.</summary>
    /// <exception cref="Fleet.FleetRefusedException">There is no such site, or it is less than a day or more than ten years.</exception>
    [Alias("SetRetention")]
    Task<Site> SetRetention(int? detectionsDays, int? metricsDays);

    /// <summary>Says when the site may be changed, by its own clock; none: at no time where windows are asked for.</summary>
    /// <exception cref="Fleet.FleetRefusedException">There is no such site, or a window cannot be taken.</exception>
    [Alias("SetMaintenanceWindows")]
    Task<Site> SetMaintenanceWindows(MaintenanceWindow[] windows);

    /// <summary>Adds a model version to the site's <c>deployed_models</c>. Idempotent.</summary>
    [Alias("NoteDeployed")]
    Task NoteDeployed(Guid modelId);
}
