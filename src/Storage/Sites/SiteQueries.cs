using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Access;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Sites;

/// <summary>Lists of sites.</summary>
public sealed class SiteQueries(IDbContextFactory<FleetContext> contexts)
{
    /// <summary>Sites within the scope, newest first.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public Task<Page<Site>> ListAsync(SiteScope scope, PageRequest page, CancellationToken cancellationToken)
    {
        var among = scope.ToArray();
        return contexts.ListAsync<Site>(
            page,
            sites => sites.Where(site => among == null || among.Contains(site.Id)),
            nameof(Site.CreatedAt),
            site => new(site.CreatedAt, site.Id),
            cancellationToken);
    }
}
