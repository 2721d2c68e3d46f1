using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Sites;

/// <summary><c>/api/admin/sites</c>.</summary>
internal static class SitesApi
{
    public static IEndpointRouteBuilder MapSites(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/admin/sites").WithTags("Sites");
        group.MapPost("/", Create).WithName("CreateSite").WithSummary("Creates a site")
            .RequireAccess(AccessAction.CreateSites).ProducesProblem(400).ProducesProblem(409).ProducesProblem(503);
        group.MapGet("/", List).WithName("ListSites").WithSummary("Sites, newest first")
            .RequireAccessToListed(AccessAction.ReadSites).ProducesProblem(400);
        group.MapGet("/{id:guid}", Get).WithName("GetSite").WithSummary("One site")
            .RequireAccess(AccessAction.ReadSites, SitePart.Site, "id").ProducesProblem(404);
        group.MapGet("/{id:guid}/health", GetHealth).WithName("GetSiteHealth").WithSummary("How a site and its deployments do, with reasons")
            .RequireAccess(AccessAction.ReadDeployments, SitePart.Site, "id").ProducesProblem(404).ProducesProblem(503);
        group.MapPut("/{id:guid}/allowed-networks", SetNetworks).WithName("SetAllowedNetworks")
            .WithSummary("The private networks in which the site's cameras may be, all of them")
            .RequireAccess(AccessAction.CreateSites).ProducesProblem(400).ProducesProblem(404);
        group.MapPut("/{id:guid}/retention", SetRetention).WithName("SetRetention")
            .WithSummary("How many days the site's data are kept; left out: as long as the fleet's settings say")
            .RequireAccess(AccessAction.ManageRetention).ProducesProblem(400).ProducesProblem(404);
        group.MapPut("/{id:guid}/maintenance-windows", SetMaintenanceWindows).WithName("SetMaintenanceWindows")
            .WithSummary("When the site may be changed, by its own clock: all windows")
            .RequireAccess(AccessAction.ManageSites, SitePart.Site, "id").ProducesProblem(400).ProducesProblem(404);
        return routes;
    }

    private static async Task<Created<Site>> Create(CreateSite request, IGrainFactory grains)
    {
        var site = request.ToSite();
        return TypedResults.Created($"/api/admin/sites/{site.Id}", await grains.GetGrain<ISiteGrain>(site.Id).Create(site));
    }

    private static async Task<Ok<Site>> SetNetworks(Guid id, SetNetworks request, IGrainFactory grains) =>
        TypedResults.Ok(await grains.GetGrain<ISiteGrain>(id).SetAllowedNetworks(request.AllowedNetworks!));

    private static async Task<Ok<Site>> SetRetention(Guid id, SetRetention request, IGrainFactory grains) =>
        TypedResults.Ok(await grains.GetGrain<ISiteGrain>(id).SetRetention(request.DetectionsRetentionDays, request.MetricsRetentionDays));

    private static async Task<Ok<Site>> SetMaintenanceWindows(Guid id, SetMaintenanceWindows request, IGrainFactory grains) =>
        TypedResults.Ok(await grains.GetGrain<ISiteGrain>(id).SetMaintenanceWindows(request.MaintenanceWindows!));

    private static async Task<Ok<Page<Site>>> List(
        [AsParameters] PageRequest page, CurrentAccess access, IRowReader rows, CancellationToken cancellationToken) =>
        TypedResults.Ok(await rows.ReadSitesAsync(access.Rights.ScopeOf(AccessAction.ReadSites), page, cancellationToken));

    private static async Task<Ok<SiteHealth>> GetHealth(Guid id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        await grains.GetGrain<ISiteGrain>(id).Get().OrNotFound("site", id);
        return TypedResults.Ok(await grains.GetGrain<ISystemHealthGrain>(0).CheckSite(id, cancellationToken));
    }

    private static async Task<Ok<Site>> Get(Guid id, IGrainFactory grains) =>
        TypedResults.Ok(await grains.GetGrain<ISiteGrain>(id).Get().OrNotFound("site", id));
}
