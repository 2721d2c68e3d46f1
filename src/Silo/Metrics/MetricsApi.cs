using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Metrics;

/// <summary><c>/api/admin/deployments/{id}/metrics</c>.</summary>
internal static class MetricsApi
{
    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/admin/deployments/{id:guid}/metrics", List).WithTags("Metrics")
            .WithName("ListDeploymentMetrics").WithSummary("Five-minute windows of one deployment, newest first")
            .RequireAccess(AccessAction.ReadMetrics, SitePart.Deployment, "id").ProducesProblem(400).ProducesProblem(404);
        return routes;
    }

    private static async Task<Ok<Page<PerformanceMetrics>>> List(
        Guid id,
        [AsParameters] MetricsFilter filter,
        [AsParameters] PageRequest page,
        IGrainFactory grains,
        IRowReader rows,
        CancellationToken cancellationToken)
    {
        await grains.GetGrain<IDeploymentGrain>(id).Get().OrNotFound("deployment", id);
        return TypedResults.Ok(await rows.ReadWindowsAsync(id, filter, page, cancellationToken));
    }
}
