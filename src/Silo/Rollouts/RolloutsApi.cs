using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Rollouts;

/// <summary><c>/api/admin/rollouts</c>, and beginning one from the deployment that it is to follow.</summary>
internal static class RolloutsApi
{
    /// <summary>Every command, its address and what it does.</summary>
    private static readonly (RolloutCommand Command, string Path, string Summary)[] Commands =
    [
        (RolloutCommand.Freeze, "freeze", "Nothing goes on by itself until it is told to"),
        (RolloutCommand.Resume, "resume", "It goes on; a step that was held begins anew"),
        (RolloutCommand.Skip, "skip", "What it waits for counts as done"),
        (RolloutCommand.Promote, "promote", "The candidate takes over now, whatever steps are left"),
        (RolloutCommand.RollBack, "roll-back", "The stable deployment has its cameras back at once"),
    ];

    public static IEndpointRouteBuilder MapRollouts(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/admin/deployments/{id:guid}/rollouts", Start).WithTags("Rollouts").WithName("StartRollout")
            .WithSummary("Brings a deployment to another version of its model step by step")
            .RequireAccess(AccessAction.Deploy, SitePart.Deployment, "id")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        var group = routes.MapGroup("/api/admin/rollouts").WithTags("Rollouts");
        group.MapGet("/", List).WithName("ListRollouts").WithSummary("Rollouts, newest first")
            .RequireAccessToListed(AccessAction.ReadDeployments).ProducesProblem(400);
        group.MapGet("/{id:guid}", Get).WithName("GetRollout").WithSummary("How far a rollout is, and every decision with its reason")
            .RequireAccess(AccessAction.ReadDeployments, SitePart.Deployment, "id").ProducesProblem(404);
        foreach (var (command, path, summary) in Commands)
        {
            group.MapPost("/{id:guid}/" + path, (Guid id, RolloutWord? word, CurrentAccess access, IGrainFactory grains) =>
                    Tell(id, command, word, access, grains))
                .WithName($"{command}Rollout").WithSummary(summary)
                .RequireAccess(AccessAction.Deploy, SitePart.Deployment, "id")
                .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        }

        return routes;
    }

    private static async Task<Created<Rollout>> Start(Guid id, StartRollout request, CurrentAccess access, IGrainFactory grains)
    {
        var rollout = new Rollout
        {
            Id = request.Id ?? Guid.CreateVersion7(),
            StableDeploymentId = id,
            CandidateModelId = request.ModelId!.Value,
            Steps = request.Steps,
            Analysis = request.Analysis,
            StartsAt = request.StartsAt,
            PromotesItself = request.PromotesItself,
            ProgressDeadlineSeconds = request.ProgressDeadlineSeconds,
            KeepsWarmSeconds = request.KeepsWarmSeconds,
            CreatedBy = access.UserId,
        };
        var begun = await grains.GetGrain<IRolloutGrain>(rollout.Id).Begin(rollout);
        return TypedResults.Created($"/api/admin/rollouts/{begun.Id}", begun);
    }

    private static async Task<Ok<Page<Rollout>>> List(
        [AsParameters] RolloutListFilter filter,
        [AsParameters] PageRequest page,
        CurrentAccess access,
        IRowReader rows,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await rows.ReadRolloutsAsync(filter, access.Rights.ScopeOf(AccessAction.ReadDeployments), page, cancellationToken));

    private static async Task<Ok<Rollout>> Get(Guid id, IGrainFactory grains) =>
        TypedResults.Ok(await grains.GetGrain<IRolloutGrain>(id).Get().OrNotFound("rollout", id));

    private static async Task<Ok<Rollout>> Tell(
        Guid id, RolloutCommand command, RolloutWord? word, CurrentAccess access, IGrainFactory grains)
    {
        var grain = grains.GetGrain<IRolloutGrain>(id);
        await grain.Get().OrNotFound("rollout", id);
        return TypedResults.Ok(await grain.Tell(command, word?.Reason, access.UserId));
    }
}
