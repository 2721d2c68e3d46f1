using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Access;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Versions of one model, the aliases that move between them, and what was live when.</summary>
internal static class ModelVersionsApi
{
    public static IEndpointRouteBuilder MapModelVersions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/admin/ai-models/{id:guid}").WithTags("Models");
        group.MapGet("/versions", ListVersions).WithName("ListModelVersions").WithSummary("All versions of the model, newest first, with what is new in each")
            .RequireAccess(AccessAction.ReadModels).ProducesProblem(404);
        group.MapGet("/aliases", ListAliases).WithName("ListModelAliases").WithSummary("Aliases of the model, of the fleet and of the caller's sites")
            .RequireAccess(AccessAction.ReadModels).ProducesProblem(404);
        group.MapPut("/aliases/{alias}", Point).WithName("PointModelAlias")
            .WithSummary("Has an alias of the fleet name this version; deployments that follow it take the version up")
            .RequireAccess(AccessAction.MoveAliases).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapDelete("/aliases/{alias}", Remove).WithName("RemoveModelAlias").WithSummary("Removes an alias of the fleet; what follows it stays as it is")
            .RequireAccess(AccessAction.MoveAliases).ProducesProblem(404);
        group.MapGet("/timeline", ReadTimeline).WithName("GetModelTimeline").WithSummary("Where the version was live, from when to when")
            .RequireAccessToListed(AccessAction.ReadDeployments).ProducesProblem(400);

        var site = routes.MapGroup("/api/admin/sites/{site:guid}").WithTags("Models");
        site.MapPut("/model-aliases/{alias}", PointOnSite).WithName("PointSiteAlias")
            .WithSummary("Has an alias of one site name a version; it goes before the fleet's alias of that name")
            .RequireAccess(AccessAction.Deploy, SitePart.Site, "site").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        site.MapDelete("/model-aliases/{alias}/{id:guid}", RemoveOnSite).WithName("RemoveSiteAlias")
            .WithSummary("Removes a site's alias of the model that has this version; the fleet's holds again")
            .RequireAccess(AccessAction.Deploy, SitePart.Site, "site").ProducesProblem(404);
        site.MapGet("/model-timeline", ReadSiteTimeline).WithName("GetSiteTimeline")
            .WithSummary("What was live on the site, when, in which configuration, and who had approved it")
            .RequireAccess(AccessAction.ReadDeployments, SitePart.Site, "site").ProducesProblem(400);
        return routes;
    }

    private static async Task<Ok<IReadOnlyList<ModelVersion>>> ListVersions(
        Guid id, IGrainFactory grains, IModelReader rows, CancellationToken cancellationToken)
    {
        var model = await grains.GetGrain<IModelGrain>(id).Get().OrNotFound("model", id);
        var versions = await rows.ReadVersionsAsync(model.Name, cancellationToken);
        var aliases = (await rows.ReadAliasesAsync(model.Name, cancellationToken))
            .Where(alias => alias.SiteId is null).ToLookup(alias => alias.ModelId, alias => alias.Alias);
        return TypedResults.Ok<IReadOnlyList<ModelVersion>>(
        [
            .. versions.Select(version => new ModelVersion
            {
                Id = version.Id,
                Version = version.Version,
                Status = version.Status,
                LifecycleStage = version.LifecycleStage,
                ApprovalStatus = version.ApprovalStatus,
                Changelog = version.Changelog,
                Aliases = [.. aliases[version.Id]],
                CreatedAt = version.CreatedAt,
                CreatedBy = version.CreatedBy,
            }),
        ]);
    }

    private static async Task<Ok<IReadOnlyList<ModelAlias>>> ListAliases(
        Guid id, CurrentAccess access, IGrainFactory grains, IModelReader rows, CancellationToken cancellationToken)
    {
        var model = await grains.GetGrain<IModelGrain>(id).Get().OrNotFound("model", id);
        var found = await rows.ReadAliasesAsync(model.Name, cancellationToken);
        return TypedResults.Ok<IReadOnlyList<ModelAlias>>(
            [.. found.Where(alias => alias.SiteId is not { } site || access.Rights.Allows(AccessAction.ReadSites, site))]);
    }

    private static async Task<Ok<PointedAlias>> Point(Guid id, string alias, CurrentAccess access, IGrainFactory grains) =>
        TypedResults.Ok(await PointAsync(id, siteId: null, alias, access, grains));

    private static async Task<Ok<PointedAlias>> PointOnSite(
        Guid site, string alias, SiteAliasRequest request, CurrentAccess access, IGrainFactory grains) =>
        TypedResults.Ok(await PointAsync(request.ModelId.GetValueOrDefault(), site, alias, access, grains));

    private static async Task<NoContent> Remove(Guid id, string alias, IGrainFactory grains)
    {
        await RemoveAsync(id, siteId: null, alias, grains);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> RemoveOnSite(Guid site, Guid id, string alias, IGrainFactory grains)
    {
        await RemoveAsync(id, site, alias, grains);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<IReadOnlyList<LivePeriod>>> ReadTimeline(
        Guid id, [AsParameters] TimelineRequest time, CurrentAccess access, IModelReader rows, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (from, to) = time.Span(clock.GetUtcNow());
        return TypedResults.Ok(await rows.ReadTimelineAsync(
            siteId: null, id, access.Rights.ScopeOf(AccessAction.ReadDeployments), from, to, cancellationToken));
    }

    private static async Task<Ok<IReadOnlyList<LivePeriod>>> ReadSiteTimeline(
        Guid site, [AsParameters] TimelineRequest time, IModelReader rows, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (from, to) = time.Span(clock.GetUtcNow());
        return TypedResults.Ok(await rows.ReadTimelineAsync(site, modelId: null, scope: null, from, to, cancellationToken));
    }

    private static async Task<PointedAlias> PointAsync(Guid modelId, Guid? siteId, string alias, CurrentAccess access, IGrainFactory grains)
    {
        var model = await grains.GetGrain<IModelGrain>(modelId).Get().OrNotFound("model", modelId, "model_id");
        var id = ModelKeys.OfAlias(model.Name, siteId, alias);
        return await grains.GetGrain<IModelAliasGrain>(id).Point(
            new() { Id = id, Name = model.Name, SiteId = siteId, Alias = alias, ModelId = modelId, SetBy = access.UserId });
    }

    private static async Task RemoveAsync(Guid modelId, Guid? siteId, string alias, IGrainFactory grains)
    {
        var model = await grains.GetGrain<IModelGrain>(modelId).Get().OrNotFound("model", modelId);
        await grains.GetGrain<IModelAliasGrain>(ModelKeys.OfAlias(model.Name, siteId, alias)).Remove();
    }
}
