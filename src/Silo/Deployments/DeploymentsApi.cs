using System.Text.Json;

using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Silo.Sites;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Deployments;

/// <summary><c>/api/admin/deployments</c>, and deploying by a model's own address.</summary>
internal static class DeploymentsApi
{
    public static IServiceCollection AddDeployments(this IServiceCollection services) => services.AddSingleton<PipelineTrial>();

    public static IEndpointRouteBuilder MapDeployments(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/admin/ai-models/{id:guid}/deploy", DeployById).WithTags("Deployments")
            .RequireAccessToBody(AccessAction.Deploy)
            .WithName("DeployModelById").WithSummary("Deploys a model version to a site")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        var group = routes.MapGroup("/api/admin/deployments").WithTags("Deployments");
        group.MapPost("/", Deploy).WithName("DeployModel").WithSummary("Deploys a model version to a site")
            .RequireAccessToBody(AccessAction.Deploy)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        group.MapGet("/", List).WithName("ListDeployments").WithSummary("Deployments, newest first")
            .RequireAccessToListed(AccessAction.ReadDeployments).ProducesProblem(400);
        group.MapGet("/{id:guid}", Get).WithName("GetDeployment").WithSummary("One deployment; its ETag is for If-Match")
            .RequireAccess(AccessAction.ReadDeployments, SitePart.Deployment, "id").ProducesProblem(404);
        group.MapPut("/{id:guid}", Change).WithName("ChangeDeployment")
            .WithSummary("Changes columns of a deployment at work; what the body does not name stays")
            .RequireAccess(AccessAction.Deploy, SitePart.Deployment, "id")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(428).ProducesProblem(503);
        group.MapGet("/{id:guid}/status", GetStatus).WithName("GetDeploymentStatus")
            .WithSummary("How one deployment and its cameras do")
            .RequireAccess(AccessAction.ReadDeployments, SitePart.Deployment, "id").ProducesProblem(404);
        group.MapGet("/{id:guid}/health", GetHealth).WithName("GetDeploymentHealth")
            .WithSummary("How well one deployment does, with reasons")
            .RequireAccess(AccessAction.ReadDeployments, SitePart.Deployment, "id").ProducesProblem(404).ProducesProblem(503);
        group.MapPost("/{id:guid}/pause", (Guid id, IGrainFactory grains, IRolloutReader rollouts, CancellationToken cancellationToken) =>
                Tell(id, grain => grain.Pause(), grains, rollouts, cancellationToken))
            .WithName("PauseDeployment").WithSummary("Takes a deployment off its cameras until it is resumed")
            .RequireAccess(AccessAction.Deploy, SitePart.Deployment, "id").ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        group.MapPost("/{id:guid}/resume", (Guid id, IGrainFactory grains, IRolloutReader rollouts, CancellationToken cancellationToken) =>
                Tell(id, grain => grain.Resume(), grains, rollouts, cancellationToken))
            .WithName("ResumeDeployment").WithSummary("Puts a paused deployment to work again")
            .RequireAccess(AccessAction.Deploy, SitePart.Deployment, "id").ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        group.MapDelete("/{id:guid}", Terminate).WithName("TerminateDeployment")
            .WithSummary("Takes a deployment off its cameras for good")
            .RequireAccess(AccessAction.Deploy, SitePart.Deployment, "id").ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        return routes;
    }

    private static Task<Created<Deployment>> DeployById(
        Guid id, DeployToSite request, CurrentAccess access, HttpContext context, IGrainFactory grains, PipelineTrial trial) =>
        Create(id, request, access, context, grains, trial);

    private static async Task<Created<Deployment>> Deploy(
        DeployModel request, CurrentAccess access, HttpContext context, IGrainFactory grains, PipelineTrial trial) =>
        await Create(request.ModelId ?? await grains.FollowAsync(request), request, access, context, grains, trial);

    private static async Task<Created<Deployment>> Create(
        Guid modelId, DeployToSite request, CurrentAccess access, HttpContext context, IGrainFactory grains, PipelineTrial trial)
    {
        if (request.LicenseOverride is not null && !access.Rights.Allows(AccessAction.OverrideLicenses))
        {
            throw new FleetRefusedException(
                RefusalKind.Forbidden, "license_override", "Overriding a licence needs the right to override licenses on all sites.");
        }

        var model = await grains.GetGrain<IModelGrain>(modelId).Get().OrNotFound("model", modelId, "model_id");
        await grains.CheckAliasAsync(model, request);
        var timeZone = await grains.TimeZoneOf(request.SiteId.GetValueOrDefault());
        var deployment = DeploymentRow.From(request, model, timeZone, access.UserId);
        await trial.DemandAsync(model, deployment, context.RequestAborted);
        var grain = grains.GetGrain<IDeploymentGrain>(deployment.Id);
        var created = await grain.Deploy(deployment);
        context.Response.Warn(await grain.GetLicenseWarnings());
        return TypedResults.Created($"/api/admin/deployments/{deployment.Id}", created.Shown());
    }

    // Of a site that is not there, the deployment's own grain says so.
    private static async Task<string> TimeZoneOf(this IGrainFactory grains, Guid site) =>
        (await grains.GetGrain<ISiteGrain>(site).Get())?.TimeZone ?? "UTC";

    private static async Task<Ok<Page<Deployment>>> List(
        [AsParameters] DeploymentFilter filter,
        [AsParameters] PageRequest page,
        CurrentAccess access,
        IRowReader rows,
        IGrainFactory grains,
        CancellationToken cancellationToken)
    {
        var scope = access.Rights.ScopeOf(AccessAction.ReadDeployments);
        var found = await rows.ReadDeploymentsAsync(filter, scope, page, cancellationToken);
        var lastRound = await grains.FindLastHealthCheckAsync();
        return TypedResults.Ok(found with { Items = [.. found.Items.Select(deployment => deployment.Shown().CheckedAt(lastRound))] });
    }

    private static async Task<Ok<Deployment>> Get(Guid id, HttpResponse response, IGrainFactory grains)
    {
        var stored = await grains.GetGrain<IDeploymentGrain>(id).GetStored().OrNotFound("deployment", id);
        response.SetETag(stored.RowVersion);
        return TypedResults.Ok(stored.Deployment.Shown().CheckedAt(await grains.FindLastHealthCheckAsync()));
    }

    private static async Task<Ok<Deployment>> Change(
        Guid id,
        JsonElement fields,
        HttpContext context,
        IGrainFactory grains,
        IRolloutReader rollouts,
        PipelineTrial trial,
        CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IDeploymentGrain>(id);
        var deployment = await grain.Get().OrNotFound("deployment", id);
        if (await rollouts.FindOpenAsync(id, cancellationToken) is { } open)
        {
            throw new FleetRefusedException(
                RefusalKind.Conflict, null, $"The deployment is in rollout {open:D}, which compares it as it is: promote it or roll it back first.");
        }

        var ifMatch = context.Request.DemandIfMatch();
        if (await grains.GetGrain<IModelGrain>(deployment.ModelId).Get() is { } model)
        {
            await trial.DemandAsync(model, deployment, fields, cancellationToken);
        }

        var columns = SiteClock.Read(fields, await grains.TimeZoneOf(deployment.SiteId), "scheduled_start_time", "scheduled_end_time");
        var stored = await grain.Edit(new() { Fields = new(columns.GetRawText()), IfMatch = ifMatch });
        context.Response.SetETag(stored.RowVersion);
        return TypedResults.Ok(stored.Deployment.Shown());
    }

    private static async Task<Ok<DeploymentProgress>> GetStatus(Guid id, IGrainFactory grains)
    {
        var deployment = await grains.GetGrain<IDeploymentGrain>(id).Get().OrNotFound("deployment", id);
        var streams = await grains.GetGrain<ICameraSupervisorGrain>(0).GetStatuses();
        return TypedResults.Ok(DeploymentProgress.Of(deployment.CheckedAt(await grains.FindLastHealthCheckAsync()), streams));
    }

    private static async Task<Ok<DeploymentHealth>> GetHealth(Guid id, IGrainFactory grains, CancellationToken cancellationToken) =>
        TypedResults.Ok(await grains.GetGrain<ISystemHealthGrain>(0).CheckDeployment(id, cancellationToken).OrNotFound("deployment", id));

    private static Task<Ok<Deployment>> Terminate(
        Guid id, IGrainFactory grains, IRolloutReader rollouts, CancellationToken cancellationToken) =>
        Tell(id, grain => grain.Terminate(), grains, rollouts, cancellationToken);

    // While two versions are compared, neither is taken away.
    private static async Task<Ok<Deployment>> Tell(
        Guid id, Func<IDeploymentGrain, Task<Deployment>> tell, IGrainFactory grains, IRolloutReader rollouts, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IDeploymentGrain>(id);
        await grain.Get().OrNotFound("deployment", id);
        if (await rollouts.FindOpenAsync(id, cancellationToken) is { } open)
        {
            throw new FleetRefusedException(
                RefusalKind.Conflict, null, $"The deployment is in rollout {open:D}: promote it or roll it back, then say it of what is left.");
        }

        return TypedResults.Ok((await tell(grain)).Shown());
    }

    /// <summary>Keys and secrets are for whoever holds them, not for whoever lists deployments.</summary>
    internal static Deployment Shown(this Deployment deployment) => deployment with
    {
        ApiKey = null,
        OutputDestinations = DestinationJson.Shown(deployment.OutputDestinations),
    };
}
