namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>Reads what fleet rollouts need of rows that are not theirs: one statement for all sites, whatever their number.</summary>
public interface IFleetRolloutReader
{
    /// <summary>Those that are not settled.</summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<IReadOnlyList<Guid>> ReadOpenAsync(CancellationToken cancellationToken);

    /// <summary>What there is on sites, as far as a model is concerned. By name, then id.</summary>
    /// <param name="modelName">Of the model whose version is to come.</param>
    /// <param name="siteIds">Which; null: those that the choice takes.</param>
    /// <param name="choice">Which, where no ids are given.</param>
    /// <param name="cameraNameContains">Cameras whose name has this in it; null: all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<IReadOnlyList<SiteFacts>> ReadSitesAsync(
        string modelName, Guid[]? siteIds, SiteChoice choice, string? cameraNameContains, CancellationToken cancellationToken);

    /// <summary>How the targets of sites that are under way do: of those starting, moving or returning.</summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<IReadOnlyList<SiteSeen>> ReadTargetsAsync(Guid fleetRolloutId, CancellationToken cancellationToken);

    /// <summary>Time zones and maintenance windows of sites.</summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<IReadOnlyList<SiteHours>> ReadHoursAsync(Guid[] siteIds, CancellationToken cancellationToken);
}
