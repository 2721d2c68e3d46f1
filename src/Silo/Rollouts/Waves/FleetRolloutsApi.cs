using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Silo.Deployments;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Rollouts.Waves;

/// <summary><c>/api/admin/fleet-rollouts</c>, and the customer's bulk deployment. Whoever asks needs the right on every site concerned.</summary>
internal static class FleetRolloutsApi
{
    /// <summary>Every command without a value, its address and what it does.</summary>
    private static readonly (FleetRolloutCommand Command, string Path, string Summary)[] Commands =
    [
        (FleetRolloutCommand.Pause, "pause", "No further site begins until it is told to resume"),
        (FleetRolloutCommand.Resume, "resume", "It goes on; sites that failed until now are accepted"),
        (FleetRolloutCommand.SkipSoak, "skip-soak", "The wait after the wave counts as over"),
        (FleetRolloutCommand.ApproveWave, "approve-wave", "The next wave may begin"),
        (FleetRolloutCommand.RetryFailed, "retry-failed", "Sites that failed are begun anew"),
        (FleetRolloutCommand.Abort, "abort", "It ends here; what was reached stays"),
        (FleetRolloutCommand.AbortAll, "abort-all", "Every site that was changed comes back to what it had before"),
    ];

    public static IEndpointRouteBuilder MapFleetRollouts(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/admin/ai-models/bulk-deploy", BulkDeploy).WithTags("Fleet rollouts").WithName("BulkDeploy")
            .WithSummary("Brings a version to many sites at once").Refuses();
        var group = routes.MapGroup("/api/admin/fleet-rollouts").WithTags("Fleet rollouts");
        group.MapPost("/estimate", Estimate).WithName("EstimateFleetRollout")
            .WithSummary("What a fleet rollout would do and how long it can take; changes nothing").Refuses();
        group.MapPost("/", Start).WithName("StartFleetRollout").WithSummary("Brings a version to many sites, wave by wave").Refuses();
        group.MapGet("/", List).WithName("ListFleetRollouts").WithSummary("Fleet rollouts, newest first")
            .RequireAccessToListed(AccessAction.ReadDeployments).ProducesProblem(400);
        group.MapGet("/{id:guid}", Get).WithName("GetFleetRollout").WithSummary("How far a fleet rollout is, in numbers by wave, and every decision")
            .RequireAccessToListed(AccessAction.ReadDeployments).ProducesProblem(404);
        group.MapGet("/{id:guid}/events", Follow).WithName("FollowFleetRollout").WithSummary("A fleet rollout, whenever it comes further, to its end")
            .RequireAccessToListed(AccessAction.ReadDeployments).SendsEvents();
        group.MapGet("/{id:guid}/sites", ListSites).WithName("ListFleetRolloutSites").WithSummary("Its sites in the order in which they begin")
            .RequireAccessToListed(AccessAction.ReadDeployments).ProducesProblem(400).ProducesProblem(404);
        group.MapPost("/{id:guid}/skip-site", SkipSite).WithName("SkipFleetRolloutSite").WithSummary("One site is not waited for any more").Refuses();
        foreach (var (command, path, summary) in Commands)
        {
            group.MapPost(
                    "/{id:guid}/" + path,
                    (Guid id, FleetRolloutWord? word, CurrentAccess access, HttpContext context, IRowReader rows, IGrainFactory grains) =>
                        Tell(id, new() { Command = command, Why = word?.Reason }, access, context, rows, grains))
                .WithName($"{command}FleetRollout").WithSummary(summary).Refuses();
        }

        return routes;
    }

    private static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint) => endpoint.RequireAccessToListed(AccessAction.Deploy)
        .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);

    private static async Task<Ok<FleetRolloutEstimate>> Estimate(StartFleetRollout request, CurrentAccess access, IGrainFactory grains)
    {
        var wish = request.ToWish(access.Rights.ScopeOf(AccessAction.Deploy).ToArray(), access.UserId);
        return TypedResults.Ok(await grains.GetGrain<IFleetRolloutGrain>(wish.Id).Estimate(wish));
    }

    private static Task<Created<FleetRolloutReport>> Start(
        StartFleetRollout request, CurrentAccess access, HttpContext context, IGrainFactory grains) =>
        Begin(request.ToWish(access.Rights.ScopeOf(AccessAction.Deploy).ToArray(), access.UserId), context, grains);

    private static Task<Created<FleetRolloutReport>> BulkDeploy(
        BulkDeploy request, CurrentAccess access, HttpContext context, IGrainFactory grains) =>
        Begin(request.ToWish(access.Rights.ScopeOf(AccessAction.Deploy).ToArray(), access.UserId), context, grains);

    private static async Task<Created<FleetRolloutReport>> Begin(FleetRolloutWish wish, HttpContext context, IGrainFactory grains)
    {
        var begun = await grains.GetGrain<IFleetRolloutGrain>(wish.Id).Begin(wish);
        context.Response.SetETag(begun.RowVersion);
        return TypedResults.Created($"/api/admin/fleet-rollouts/{wish.Id}", begun);
    }

    private static async Task<Ok<Page<FleetRollout>>> List(
        [AsParameters] FleetRolloutListFilter filter,
        [AsParameters] PageRequest page,
        CurrentAccess access,
        IRowReader rows,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await rows.ReadFleetRolloutsAsync(filter, access.Rights.ScopeOf(AccessAction.ReadDeployments), page, cancellationToken));

    private static async Task<Ok<FleetRolloutReport>> Get(
        Guid id, CurrentAccess access, HttpContext context, IRowReader rows, IGrainFactory grains)
    {
        await CheckAsync(id, AccessAction.ReadDeployments, access, rows, context.RequestAborted);
        var found = await grains.GetGrain<IFleetRolloutGrain>(id).Get().OrNotFound("fleet rollout", id);
        context.Response.SetETag(found.RowVersion);
        return TypedResults.Ok(found);
    }

    private static async Task<IResult> Follow(
        Guid id, CurrentAccess access, LiveEvents live, IRowReader rows, IGrainFactory grains, CancellationToken cancellationToken)
    {
        await CheckAsync(id, AccessAction.ReadDeployments, access, rows, cancellationToken);
        var grain = grains.GetGrain<IFleetRolloutGrain>(id);
        await grain.Get().OrNotFound("fleet rollout", id);
        return live.FollowToEnd("fleet_rollout", grain.Get, report => report.Rollout.IsSettled, cancellationToken);
    }

    private static async Task<Ok<Page<FleetRolloutSite>>> ListSites(
        Guid id,
        [AsParameters] FleetRolloutSiteFilter filter,
        [AsParameters] PageRequest page,
        CurrentAccess access,
        IRowReader rows,
        CancellationToken cancellationToken)
    {
        await CheckAsync(id, AccessAction.ReadDeployments, access, rows, cancellationToken);
        return TypedResults.Ok(await rows.ReadFleetRolloutSitesAsync(id, filter, page, cancellationToken));
    }

    private static Task<Ok<FleetRolloutReport>> SkipSite(
        Guid id, SkipSite request, CurrentAccess access, HttpContext context, IRowReader rows, IGrainFactory grains) => Tell(
        id, new() { Command = FleetRolloutCommand.SkipSite, Why = request.Reason, SiteId = request.SiteId }, access, context, rows, grains);

    private static async Task<Ok<FleetRolloutReport>> Tell(
        Guid id, FleetRolloutOrder order, CurrentAccess access, HttpContext context, IRowReader rows, IGrainFactory grains)
    {
        await CheckAsync(id, AccessAction.Deploy, access, rows, context.RequestAborted);
        var told = await grains.GetGrain<IFleetRolloutGrain>(id).Tell(order with { By = access.UserId, IfMatch = context.Request.ReadIfMatch() });
        context.Response.SetETag(told.RowVersion);
        return TypedResults.Ok(told);
    }

    // What is on a site that is not the caller's is not found, as everywhere.
    private static async Task CheckAsync(Guid id, AccessAction action, CurrentAccess access, IRowReader rows, CancellationToken cancellationToken)
    {
        var sites = await rows.ReadFleetRolloutSiteIdsAsync(id, cancellationToken);
        if (sites.Length == 0 || !sites.All(access.Rights.ScopeOf(action).Covers))
        {
            throw new FleetRefusedException(RefusalKind.NotFound, null, $"There is no fleet rollout {id}.");
        }
    }
}
