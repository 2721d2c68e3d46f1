using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

using OrleansAiFleet.Access;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Detections;

/// <summary><c>/api/zm/cameras/{camera_id}/ai-detections</c>.</summary>
internal static class DetectionsApi
{
    public static IEndpointRouteBuilder MapDetections(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/zm/cameras/{camera_id:guid}/ai-detections", List).WithTags("Detections")
            .WithName("ListCameraDetections").WithSummary("What was found on one camera, newest first")
            .RequireAccess(AccessAction.ReadDetections, SitePart.Camera, "camera_id").ProducesProblem(400).ProducesProblem(404);
        return routes;
    }

    private static async Task<Ok<Page<Detection>>> List(
        [FromRoute(Name = "camera_id")] Guid cameraId,
        [AsParameters] DetectionFilter filter,
        [AsParameters] PageRequest page,
        IGrainFactory grains,
        IRowReader rows,
        CancellationToken cancellationToken)
    {
        await grains.GetGrain<ICameraGrain>(cameraId).Get().OrNotFound("camera", cameraId, "camera_id");
        return TypedResults.Ok(await rows.ReadDetectionsAsync(cameraId, filter, page, cancellationToken));
    }
}
