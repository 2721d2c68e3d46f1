using OrleansAiFleet.Access;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Deployments;

/// <summary>Live status as server-sent events: of a deployment, a site and a rollout.</summary>
internal static class DeploymentEventsApi
{
    public static IEndpointRouteBuilder MapDeploymentEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/admin/deployments/{id:guid}/events", FollowDeployment).WithName("FollowDeployment")
            .WithSummary("A deployment's health, whenever it changes").RequireAccess(AccessAction.ReadDeployments, SitePart.Deployment, "id").SendsEvents();
        routes.MapGet("/api/admin/sites/{id:guid}/events", FollowSite).WithName("FollowSite")
            .WithSummary("A site's health, whenever it changes").RequireAccess(AccessAction.ReadDeployments, SitePart.Site, "id").SendsEvents();
        routes.MapGet("/api/admin/rollouts/{id:guid}/events", FollowRollout).WithName("FollowRollout")
            .WithSummary("A rollout, whenever it comes further, to its end")
            .RequireAccess(AccessAction.ReadDeployments, SitePart.Deployment, "id").SendsEvents();
        return routes;
    }

    /// <summary>What an endpoint of events says of itself.</summary>
    public static RouteHandlerBuilder SendsEvents(this RouteHandlerBuilder endpoint) => endpoint.WithTags("Live")
        .Produces<string>(contentType: "text/event-stream").ProducesProblem(404).ProducesProblem(503);

    private static async Task<IResult> FollowDeployment(Guid id, LiveEvents live, IGrainFactory grains, CancellationToken cancellationToken)
    {
        await grains.GetGrain<IDeploymentGrain>(id).Get().OrNotFound("deployment", id);
        return live.Follow(
            async stop => await grains.GetGrain<ISystemHealthGrain>(0).CheckDeployment(id, stop) is { } health
                ? [LivePart.Of("health", health, health with { CheckedAt = default })]
                : null,
            cancellationToken);
    }

    private static async Task<IResult> FollowSite(Guid id, LiveEvents live, IGrainFactory grains, CancellationToken cancellationToken)
    {
        await grains.GetGrain<ISiteGrain>(id).Get().OrNotFound("site", id);
        return live.Follow(
            async stop =>
            {
                var health = await grains.GetGrain<ISystemHealthGrain>(0).CheckSite(id, stop);
                var key = health with
                {
                    CheckedAt = default,
                    Deployments = [.. health.Deployments.Select(deployment => deployment with { CheckedAt = default })],
                };
                return [LivePart.Of("health", health, key)];
            },
            cancellationToken);
    }

    private static async Task<IResult> FollowRollout(Guid id, LiveEvents live, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IRolloutGrain>(id);
        await grain.Get().OrNotFound("rollout", id);
        return live.FollowToEnd("rollout", grain.Get, rollout => rollout.IsSettled, cancellationToken);
    }
}
