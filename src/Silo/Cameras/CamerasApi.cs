using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

using OrleansAiFleet.Access;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Hosting.Cameras;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Cameras;

/// <summary><c>/api/admin/cameras</c>.</summary>
internal static class CamerasApi
{
    public static IEndpointRouteBuilder MapCameras(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/admin/cameras").WithTags("Cameras");
        group.MapPost("/", Create).WithName("CreateCamera").WithSummary("Creates a camera of a site")
            .RequireAccessToBody(AccessAction.ManageCameras).ProducesProblem(400).ProducesProblem(409).ProducesProblem(503);
        group.MapGet("/", List).WithName("ListCameras").WithSummary("Cameras, newest first, without credentials")
            .RequireAccessToListed(AccessAction.ReadCameras).ProducesProblem(400);
        group.MapGet("/{id:guid}", Get).WithName("GetCamera").WithSummary("One camera, without credentials")
            .RequireAccess(AccessAction.ReadCameras, SitePart.Camera, "id").ProducesProblem(404);
        group.MapGet("/{id:guid}/live.jpg", GetPicture).WithName("GetLivePicture")
            .WithSummary("The next frame with its detections drawn in")
            .RequireAccess(AccessAction.WatchCameras, SitePart.Camera, "id")
            .Produces<byte[]>(200, "image/jpeg").ProducesProblem(404).ProducesProblem(503);
        group.MapGet("/{id:guid}/live.mjpeg", GetPictures).WithName("GetLivePictures")
            .WithSummary("Frames with their detections, as they come, until the client goes")
            .RequireAccess(AccessAction.WatchCameras, SitePart.Camera, "id")
            .Produces<byte[]>(200, "multipart/x-mixed-replace").ProducesProblem(404).ProducesProblem(503);
        return routes;
    }

    private static async Task<Created<Camera>> Create(CreateCamera request, IGrainFactory grains)
    {
        var camera = request.ToCamera();
        return TypedResults.Created(
            $"/api/admin/cameras/{camera.Id}", await grains.GetGrain<ICameraGrain>(camera.Id).Create(camera));
    }

    private static async Task<Ok<Page<Camera>>> List(
        [FromQuery(Name = "site_id")] Guid? siteId,
        [AsParameters] PageRequest page,
        CurrentAccess access,
        IRowReader rows,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await rows.ReadCamerasAsync(
            siteId, access.Rights.ScopeOf(AccessAction.ReadCameras), page, cancellationToken));

    private static async Task<Ok<Camera>> Get(Guid id, IGrainFactory grains) =>
        TypedResults.Ok(await grains.GetGrain<ICameraGrain>(id).Get().OrNotFound("camera", id));

    private static async Task<FileContentHttpResult> GetPicture(
        Guid id, IGrainFactory grains, IAuditTrail trail, HttpResponse response, CancellationToken cancellationToken)
    {
        var stream = await Stream(id, grains);
        await trail.AppendAsync(PictureReads.Of(id), cancellationToken);
        var frame = await LivePictures.First(stream, cancellationToken);
        response.Headers.CacheControl = "no-store";
        return TypedResults.File(frame.Jpeg, "image/jpeg", lastModified: frame.Time);
    }

    private static async Task<LivePictures> GetPictures(
        Guid id, IGrainFactory grains, IAuditTrail trail, TimeProvider time, CancellationToken cancellationToken)
    {
        var stream = await Stream(id, grains);
        await trail.AppendAsync(PictureReads.Of(id), cancellationToken);
        return new(stream, time);
    }

    /// <summary>A camera that nobody created must not make an activation on a worker.</summary>
    private static async Task<ICameraStreamGrain> Stream(Guid id, IGrainFactory grains)
    {
        await grains.GetGrain<ICameraGrain>(id).Get().OrNotFound("camera", id);
        return grains.OnWorker<ICameraStreamGrain>(id);
    }
}
