using System.ComponentModel.DataAnnotations;

using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Cameras;

namespace OrleansAiFleet.Silo.Cameras;

/// <summary><c>/api/admin/cameras/{id}/erasures</c>: what a camera has seen is erased on request, with a receipt.</summary>
internal static class ErasuresApi
{
    public static IEndpointRouteBuilder MapErasures(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/admin/cameras/{id:guid}/erasures").WithTags("Cameras").RequireAccess(AccessAction.ManageRetention);
        group.MapPost("/", Erase).WithName("EraseCameraData").WithSummary("Erases the camera's detections between two moments")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        group.MapGet("/", List).WithName("ListErasures").WithSummary("Receipts of what was erased, newest first")
            .ProducesProblem(400).ProducesProblem(404);
        return routes;
    }

    private static async Task<Created<Erasure>> Erase(
        Guid id,
        EraseCameraData request,
        CurrentAccess access,
        IGrainFactory grains,
        CameraErasures erasures,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var camera = await grains.GetGrain<ICameraGrain>(id).Get().OrNotFound("camera", id);
        var asked = request.ToErasure(camera, access.UserId, time.GetUtcNow());
        return TypedResults.Created($"/api/admin/cameras/{id}/erasures", await erasures.EraseAsync(asked, cancellationToken));
    }

    private static async Task<Ok<Page<Erasure>>> List(
        Guid id, [AsParameters] PageRequest page, IGrainFactory grains, CameraErasures erasures, CancellationToken cancellationToken)
    {
        await grains.GetGrain<ICameraGrain>(id).Get().OrNotFound("camera", id);
        var found = await erasures.ListAsync(id, new(page.Rows, page.Cursor), cancellationToken);
        return TypedResults.Ok(new Page<Erasure>(found.Items, found.NextCursor));
    }
}

/// <summary>What to erase.</summary>
public sealed record EraseCameraData
{
    /// <summary>Id of your choice, so that a repeated request gives the same receipt.</summary>
    public Guid? Id { get; init; }

    /// <summary>First moment that is erased; left out: from the beginning.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>First moment that is not, now at the latest; left out: now.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Why: it stands on the receipt.</summary>
    [Required, StringLength(1000)]
    public string Reason { get; init; } = "";

    internal Erasure ToErasure(Camera camera, Guid requestedBy, DateTimeOffset now)
    {
        if (To > now)
        {
            throw new FleetRefusedException(RefusalKind.Invalid, "to", "What is yet to come cannot be erased: give a time that has passed.");
        }

        if (From >= (To ?? now))
        {
            throw new FleetRefusedException(RefusalKind.Invalid, "from", "from must be before to, which is now where it is left out.");
        }

        return new()
        {
            Id = Id ?? Guid.CreateVersion7(),
            CameraId = camera.Id,
            SiteId = camera.SiteId,
            FromTime = From?.ToUniversalTime(),
            ToTime = To?.ToUniversalTime() ?? default,
            Reason = Reason.Trim(),
            RequestedBy = requestedBy,
            CreatedAt = now,
        };
    }
}
