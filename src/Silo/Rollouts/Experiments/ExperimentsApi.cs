using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Rollouts.Experiments;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Rollouts.Experiments;

/// <summary><c>/api/admin/experiments</c>, and beginning one from the deployment that is A.</summary>
internal static class ExperimentsApi
{
    public static IEndpointRouteBuilder MapExperiments(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/admin/deployments/{id:guid}/experiments", Start).WithTags("Rollouts").WithName("StartExperiment")
            .WithSummary("Has another version run beside a deployment until it is known which is better")
            .RequireAccess(AccessAction.Deploy, SitePart.Deployment, "id")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        var group = routes.MapGroup("/api/admin/experiments").WithTags("Rollouts");
        group.MapGet("/", List).WithName("ListExperiments").WithSummary("Experiments, newest first")
            .RequireAccessToListed(AccessAction.ReadDeployments).ProducesProblem(400);
        group.MapGet("/{id:guid}", Get).WithName("GetExperiment").WithSummary("What is known so far, with intervals and in words")
            .RequireAccess(AccessAction.ReadDeployments, SitePart.Deployment, "id").ProducesProblem(404);
        group.MapPost("/{id:guid}/stop", Stop).WithName("StopExperiment").WithSummary("Ends it without a verdict; A has its cameras back")
            .RequireAccess(AccessAction.Deploy, SitePart.Deployment, "id")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        return routes;
    }

    private static async Task<Created<Experiment>> Start(Guid id, StartExperiment request, CurrentAccess access, IGrainFactory grains)
    {
        var experiment = request.ToExperiment(id, access.UserId);
        var begun = await grains.GetGrain<IExperimentGrain>(experiment.Id).Begin(experiment);
        return TypedResults.Created($"/api/admin/experiments/{begun.Id}", begun);
    }

    private static async Task<Ok<Page<Experiment>>> List(
        [AsParameters] ExperimentListFilter filter,
        [AsParameters] PageRequest page,
        CurrentAccess access,
        IRowReader rows,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await rows.ReadExperimentsAsync(filter, access.Rights.ScopeOf(AccessAction.ReadDeployments), page, cancellationToken));

    private static async Task<Ok<Experiment>> Get(Guid id, IGrainFactory grains) =>
        TypedResults.Ok(await grains.GetGrain<IExperimentGrain>(id).Get().OrNotFound("experiment", id));

    private static async Task<Ok<Experiment>> Stop(Guid id, StopExperiment? word, CurrentAccess access, IGrainFactory grains)
    {
        var grain = grains.GetGrain<IExperimentGrain>(id);
        await grain.Get().OrNotFound("experiment", id);
        return TypedResults.Ok(await grain.Stop(word?.Reason, access.UserId));
    }
}
