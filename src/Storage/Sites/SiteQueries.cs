using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Sites;

/// <summary>Lists of sites.</summary>
public sealed class SiteQueries(IDbContextFactory<FleetContext> contexts)
{
    /// <summary>Sites, newest first.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public Task<Page<Site>> ListAsync(PageRequest page, CancellationToken cancellationToken) =>
        contexts.ListAsync<Site>(
            page,
            sites => sites,
            nameof(Site.CreatedAt),
            site => new(site.CreatedAt, site.Id),
            cancellationToken);
}
