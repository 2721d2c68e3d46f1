using Microsoft.EntityFrameworkCore;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Deployments.Destinations;

/// <summary>A destination as its deployment's row has it now, secrets encrypted.</summary>
/// <param name="SiteId">For which its secrets are good.</param>
/// <param name="Type">Of the deployment: nothing of a trial leaves the fleet.</param>
/// <param name="Destination">The destination.</param>
public sealed record DestinationTarget(Guid SiteId, DeploymentType Type, OutputDestination Destination);

/// <summary>Finds where to send: read for each message, so that a changed address or secret counts at once.</summary>
public sealed class DestinationTargets(IDbContextFactory<FleetContext> contexts)
{
    /// <summary>The destination, or null where its deployment has none of that name.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away.</exception>
    public Task<DestinationTarget?> FindAsync(Guid deploymentId, string name, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var row = await db.Deployments.AsNoTracking()
                .Where(deployment => deployment.Id == deploymentId)
                .Select(deployment => new { deployment.SiteId, deployment.DeploymentType, deployment.OutputDestinations })
                .SingleOrDefaultAsync(cancellationToken);
            return row is not null && DestinationJson.Read(row.OutputDestinations).FirstOrDefault(each => each.Name == name) is { } destination
                ? new DestinationTarget(row.SiteId, row.DeploymentType, destination)
                : null;
        });
}
