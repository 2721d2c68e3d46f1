using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.WebAdmin.Fleet;

/// <summary>Reads how the fleet does.</summary>
public interface ISystemHealthReader
{
    /// <summary>How the fleet does now, as far as these sites go; an answer may be a second old.</summary>
    /// <exception cref="Exception">The cluster cannot be reached.</exception>
    Task<FleetView> ReadAsync(SiteScope scope, CancellationToken cancellationToken);
}

/// <summary>The fleet's health and the names of the sites in it.</summary>
/// <param name="Health">As the cluster says it.</param>
/// <param name="SiteNames">Name by site id; a site that could not be asked is absent.</param>
public sealed record FleetView(SystemHealth Health, IReadOnlyDictionary<Guid, string> SiteNames);
