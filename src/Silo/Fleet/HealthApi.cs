using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary><c>/api/admin/ai-models/system-health</c>.</summary>
internal static class HealthApi
{
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/admin/ai-models/system-health", Check)
            .WithTags("Fleet").WithName("GetSystemHealth").WithSummary("How silos, workers and cameras do, with reasons")
            .RequireAccessToListed(AccessAction.ReadFleet);
        return routes;
    }

    private static async Task<Ok<SystemHealth>> Check(
        CurrentAccess access, IGrainFactory grains, CancellationToken cancellationToken) =>
        TypedResults.Ok(await grains.GetGrain<ISystemHealthGrain>(0).Check(
            access.Rights.ScopeOf(AccessAction.ReadFleet).ToArray(), cancellationToken));
}
