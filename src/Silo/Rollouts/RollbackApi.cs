using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Rollouts;

/// <summary><c>POST /api/admin/deployments/{id}/rollback</c>.</summary>
internal static class RollbackApi
{
    public static IEndpointRouteBuilder MapRollback(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/admin/deployments/{id:guid}/rollback", RollBack).WithTags("Rollouts").WithName("RollBackDeployment")
            .WithSummary("Gives a deployment's cameras back to the version from before, or to a named one")
            .RequireAccess(AccessAction.Deploy, SitePart.Deployment, "id")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        return routes;
    }

    private static async Task<Accepted<Rollout>> RollBack(
        Guid id, RollBackDeployment? request, CurrentAccess access, IGrainFactory grains, IRolloutReader rollouts, CancellationToken cancellationToken)
    {
        var asked = request ?? new();
        var deployment = await grains.GetGrain<IDeploymentGrain>(id).Get().OrNotFound("deployment", id);
        var rollout = await rollouts.FindOpenAsync(id, cancellationToken) is { } open && open != asked.Id
            ? await EndAsync(grains, open, asked, access.UserId)
            : await BeginAsync(grains, deployment, asked, access.UserId);
        return TypedResults.Accepted($"/api/admin/rollouts/{rollout.Id}", rollout);
    }

    // The stable deployment is warm: its cameras are its own again at once.
    private static async Task<Rollout> EndAsync(IGrainFactory grains, Guid open, RollBackDeployment asked, Guid by)
    {
        var grain = grains.GetGrain<IRolloutGrain>(open);
        var rollout = await grain.Get().OrNotFound("rollout", open);
        var stable = await grains.GetGrain<IDeploymentGrain>(rollout.StableDeploymentId).Get();
        return asked.ModelId is null || asked.ModelId == stable?.ModelId
            ? await grain.Tell(RolloutCommand.RollBack, asked.Reason, by)
            : throw new FleetRefusedException(
                RefusalKind.Conflict, "model_id",
                $"The deployment is in rollout {open:D}, which goes back to model {stable?.ModelId:D}: leave model_id out, then roll back once more.");
    }

    private static async Task<Rollout> BeginAsync(IGrainFactory grains, Deployment deployment, RollBackDeployment asked, Guid by)
    {
        var rollout = new Rollout
        {
            Id = asked.Id ?? Guid.CreateVersion7(),
            StableDeploymentId = deployment.Id,
            CandidateModelId = await TargetAsync(grains, deployment, asked),
            Steps = [new() { Kind = RolloutStepKind.SetWeight, Weight = 100 }],
            IsRollback = true,
            CreatedBy = by,
        };
        var grain = grains.GetGrain<IRolloutGrain>(rollout.Id);
        var begun = await grain.Begin(rollout);
        return asked.Emergency ? await grain.Tell(RolloutCommand.Promote, asked.Reason ?? "Emergency.", by) : begun;
    }

    private static async Task<Guid> TargetAsync(IGrainFactory grains, Deployment deployment, RollBackDeployment asked)
    {
        if (asked.ModelId is { } named)
        {
            return named;
        }

        var before = deployment.PreviousDeploymentId is { } previous ? await grains.GetGrain<IDeploymentGrain>(previous).Get() : null;
        return before?.ModelId ?? deployment.RollbackModelId ?? throw new FleetRefusedException(
            RefusalKind.Conflict, "model_id", $"Nothing was there before deployment '{deployment.DeploymentName}': name the version in model_id.");
    }
}
