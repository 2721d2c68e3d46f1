using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary><c>/api/admin/ai-models/system-health</c>.</summary>
internal static class HealthApi
{
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/admin/ai-models/system-health", Check)
            .WithTags("Fleet").WithName("GetSystemHealth").WithSummary("How silos, workers and cameras do, with reasons");
        return routes;
    }

    private static async Task<Ok<SystemHealth>> Check(IGrainFactory grains, CancellationToken cancellationToken) =>
        TypedResults.Ok(await grains.GetGrain<ISystemHealthGrain>(0).Check(cancellationToken));
}
