using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Steps of a model version's life: <c>/api/admin/ai-models/{id}/approve</c> and the others.</summary>
internal static class ModelLifecycleApi
{
    /// <summary>Every step, its address, the right it needs and what it does.</summary>
    private static readonly (ModelStep Step, string Path, AccessAction Action, string Summary)[] Steps =
    [
        (ModelStep.StartTraining, "start-training", AccessAction.UploadModels, "It is being trained"),
        (ModelStep.StartTesting, "start-testing", AccessAction.UploadModels, "It is tried out"),
        (ModelStep.StartValidation, "start-validation", AccessAction.UploadModels, "It is measured against what it must reach"),
        (ModelStep.ReturnToDevelopment, "return-to-development", AccessAction.UploadModels, "Back to work on it"),
        (ModelStep.Approve, "approve", AccessAction.ApproveModels, "Approves a version that somebody else uploaded; the last approval needed releases it"),
        (ModelStep.Reject, "reject", AccessAction.ApproveModels, "Says no to a version, with reasons"),
        (ModelStep.RequestReview, "request-review", AccessAction.ApproveModels, "Sends a version back with reasons"),
        (ModelStep.Resubmit, "resubmit", AccessAction.UploadModels, "Asks for approval again: a new round"),
        (ModelStep.Deprecate, "deprecate", AccessAction.RetireModels, "Nothing new is deployed with it; says where it is at work"),
        (ModelStep.Reinstate, "reinstate", AccessAction.RetireModels, "A deprecated version is good again"),
        (ModelStep.Archive, "archive", AccessAction.RetireModels, "Out of sight and kept; refused while it is at work anywhere"),
        (ModelStep.Restore, "restore", AccessAction.RetireModels, "Out of the archive, to be approved anew"),
    ];

    public static IEndpointRouteBuilder MapModelLifecycle(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/admin/ai-models/{id:guid}").WithTags("Models");
        foreach (var (step, path, action, summary) in Steps)
        {
            group.MapPost(path, (Guid id, StepRequest? request, HttpContext context, CurrentAccess access, IGrainFactory grains) =>
                    Take(id, new() { Step = step, By = access.UserId, Comment = request?.Comment, IfMatch = context.Request.ReadIfMatch() }, context, grains))
                .WithName($"{step}Model").WithSummary(summary).RequireAccess(action)
                .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        }

        group.MapPut("/lifecycle-stage", SetStage).WithName("SetModelStage").WithSummary("Moves a version to the next stage, or one back")
            .RequireAccess(AccessAction.RetireModels).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapGet("/lifecycle", Get).WithName("GetModelLifecycle").WithSummary("Where a version is, who approved it, and what can be done next")
            .RequireAccess(AccessAction.ReadModels).ProducesProblem(404);
        return routes;
    }

    private static async Task<Ok<StoredModel>> Get(Guid id, HttpResponse response, IGrainFactory grains)
    {
        var stored = await grains.GetGrain<IModelGrain>(id).GetStored().OrNotFound("model", id);
        response.SetETag(stored.RowVersion);
        return TypedResults.Ok(stored);
    }

    private static Task<Ok<StoredModel>> SetStage(
        Guid id, StageRequest request, HttpContext context, CurrentAccess access, IGrainFactory grains) => Take(
        id,
        new()
        {
            Step = ModelStep.SetStage,
            By = access.UserId,
            Comment = request.Comment,
            Stage = request.LifecycleStage,
            IfMatch = context.Request.ReadIfMatch(),
        },
        context,
        grains);

    private static async Task<Ok<StoredModel>> Take(Guid id, TakeModelStep step, HttpContext context, IGrainFactory grains)
    {
        var stored = await grains.GetGrain<IModelGrain>(id).Take(step);
        context.Response.SetETag(stored.RowVersion);
        return TypedResults.Ok(stored);
    }
}
