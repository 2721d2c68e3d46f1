using System.ComponentModel.DataAnnotations;

using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Sites;

/// <summary>Maintenance mode of the fleet (<c>/api/admin/ai-models/maintenance-mode</c>) and of a site.</summary>
internal static class MaintenanceApi
{
    public static IEndpointRouteBuilder MapMaintenance(this IEndpointRouteBuilder routes)
    {
        var fleet = routes.MapGroup("/api/admin/ai-models/maintenance-mode").WithTags("Fleet");
        fleet.MapPost("/", (SetMaintenance request, CurrentAccess access, IGrainFactory grains) =>
                Set(MaintenanceMode.WholeFleet, request, access, grains))
            .WithName("SetFleetMaintenance").WithSummary("While it is on, nothing on any site goes on by itself: rollouts hold, schedules wait")
            .RequireAccess(AccessAction.ManageSites).ProducesProblem(400);
        fleet.MapGet("/", List).WithName("ListMaintenance").WithSummary("Where maintenance is going on")
            .RequireAccessToListed(AccessAction.ReadFleet);
        routes.MapPost("/api/admin/sites/{id:guid}/maintenance-mode", Set).WithTags("Sites")
            .WithName("SetSiteMaintenance").WithSummary("While it is on, nothing on the site goes on by itself: rollouts hold, schedules wait")
            .RequireAccess(AccessAction.ManageSites, SitePart.Site, "id").ProducesProblem(400).ProducesProblem(404);
        return routes;
    }

    private static async Task<Ok<MaintenanceMode>> Set(Guid id, SetMaintenance request, CurrentAccess access, IGrainFactory grains)
    {
        var grain = grains.GetGrain<IMaintenanceGrain>(id);
        if (!request.Enabled)
        {
            return TypedResults.Ok(await grain.Disable(access.UserId));
        }

        var zone = (await grains.GetGrain<ISiteGrain>(id).Get())?.TimeZone ?? "UTC";
        return TypedResults.Ok(await grain.Enable(request.Reason ?? "", SiteClock.Parse("ends_at", request.EndsAt, zone), access.UserId));
    }

    private static async Task<Ok<MaintenanceMode[]>> List(
        CurrentAccess access, IMaintenanceReader reader, TimeProvider time, CancellationToken cancellationToken)
    {
        var sites = access.Rights.ScopeOf(AccessAction.ReadFleet).ToArray();
        var holding = await reader.ReadHoldingAsync(time.GetUtcNow(), cancellationToken);
        return TypedResults.Ok<MaintenanceMode[]>(
            [.. holding.Where(mode => sites is null || mode.Id == MaintenanceMode.WholeFleet || sites.Contains(mode.Id))]);
    }
}

/// <summary>The wish to turn maintenance on or off.</summary>
public sealed record SetMaintenance
{
    public bool Enabled { get; init; }

    /// <summary>Why; needed to turn it on.</summary>
    [StringLength(500)]
    public string? Reason { get; init; }

    /// <summary>When it ends by itself, by the site's clock where no offset stands with it; left out: when somebody says so.</summary>
    [StringLength(40)]
    public string? EndsAt { get; init; }
}
