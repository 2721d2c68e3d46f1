using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Deployments.Optimization;

/// <summary><c>/api/admin/ai-models/optimize-performance</c>: searches for settings with which a deployment does its work better.</summary>
internal static class OptimizationsApi
{
    private const string Path = "/api/admin/ai-models/optimize-performance";

    public static IEndpointRouteBuilder MapOptimizations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).WithTags("Deployments");
        group.MapPost("/", Begin).WithName("OptimizePerformance")
            .WithSummary("Searches instances, batch size, resolution and interval on the live frames of a deployment; changes nothing")
            .RequireAccessToBody(AccessAction.Deploy)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        group.MapGet("/", List).WithName("ListOptimizations").WithSummary("Searches, newest first")
            .RequireAccessToListed(AccessAction.ReadDeployments).ProducesProblem(400);
        group.MapGet("/{id:guid}", Get).WithName("GetOptimization").WithSummary("What was measured, and what is proposed")
            .RequireAccess(AccessAction.ReadDeployments, SitePart.Optimization, "id").ProducesProblem(404);
        group.MapPost("/{id:guid}/cancel", Cancel).WithName("CancelOptimization").WithSummary("Ends the search; nothing is proposed")
            .RequireAccess(AccessAction.Deploy, SitePart.Optimization, "id").ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        group.MapPost("/{id:guid}/apply", Apply).WithName("ApplyOptimization").WithSummary("Gives the deployment the settings that are proposed")
            .RequireAccess(AccessAction.Deploy, SitePart.Optimization, "id").ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        return routes;
    }

    private static async Task<Accepted<PerformanceOptimization>> Begin(OptimizePerformance request, CurrentAccess access, IGrainFactory grains)
    {
        var wanted = request.ToOptimization(access.UserId);
        var begun = await grains.GetGrain<IOptimizationGrain>(wanted.Id).Begin(wanted);
        return TypedResults.Accepted($"{Path}/{begun.Id}", begun);
    }

    private static async Task<Ok<Page<PerformanceOptimization>>> List(
        [AsParameters] OptimizationListFilter filter,
        [AsParameters] PageRequest page,
        CurrentAccess access,
        IRowReader rows,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await rows.ReadOptimizationsAsync(filter, access.Rights.ScopeOf(AccessAction.ReadDeployments), page, cancellationToken));

    private static async Task<Ok<PerformanceOptimization>> Get(Guid id, IGrainFactory grains) =>
        TypedResults.Ok(await grains.GetGrain<IOptimizationGrain>(id).Get().OrNotFound("search", id));

    private static async Task<Ok<PerformanceOptimization>> Cancel(Guid id, CurrentAccess access, IGrainFactory grains) =>
        TypedResults.Ok(await grains.GetGrain<IOptimizationGrain>(id).Cancel(access.UserId));

    private static async Task<Ok<PerformanceOptimization>> Apply(Guid id, CurrentAccess access, IGrainFactory grains) =>
        TypedResults.Ok(await grains.GetGrain<IOptimizationGrain>(id).Apply(access.UserId));
}
