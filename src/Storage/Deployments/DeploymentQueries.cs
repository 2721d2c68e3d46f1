using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Access;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Deployments;

/// <summary>Which deployments; null takes all.</summary>
public sealed record DeploymentFilter(
    Guid? SiteId = null, Guid? ModelId = null, DeploymentStatus? Status = null, SiteScope? Scope = null);

/// <summary>Lists of deployments.</summary>
public sealed class DeploymentQueries(IDbContextFactory<FleetContext> contexts)
{
    /// <summary>Deployments, newest first; <see cref="Deployment.ApiKey"/> is null in all of them.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public async Task<Page<Deployment>> ListAsync(
        DeploymentFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var among = filter.Scope?.ToArray();
        var deployments = await contexts.ListAsync<Deployment>(
            page,
            rows => rows
                .Where(deployment => among == null || among.Contains(deployment.SiteId))
                .Where(deployment => filter.SiteId == null || deployment.SiteId == filter.SiteId)
                .Where(deployment => filter.ModelId == null || deployment.ModelId == filter.ModelId)
                .Where(deployment => filter.Status == null || deployment.DeploymentStatus == filter.Status),
            nameof(Deployment.CreatedAt),
            deployment => new(deployment.CreatedAt, deployment.Id),
            cancellationToken);
        return deployments with { Items = [.. deployments.Items.Select(deployment => deployment with { ApiKey = null })] };
    }
}
