using System.ComponentModel.DataAnnotations;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

using OrleansAiFleet.Access;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Access;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.Silo.Detections;

/// <summary><c>/api/zm/cameras/{camera_id}/ai-detections/{detection_id}/mark</c>: what people say of single detections.</summary>
internal static class DetectionMarksApi
{
    public static IEndpointRouteBuilder MapDetectionMarks(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/zm/cameras/{camera_id:guid}/ai-detections").WithTags("Detections");
        group.MapPut("/{detection_id:guid}/mark", Set).WithName("MarkDetection")
            .WithSummary("Says that a detection is false, or right; the last word counts")
            .RequireAccess(AccessAction.MarkDetections, SitePart.Camera, "camera_id")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        group.MapDelete("/{detection_id:guid}/mark", Remove).WithName("UnmarkDetection").WithSummary("Takes back what was said of a detection")
            .RequireAccess(AccessAction.MarkDetections, SitePart.Camera, "camera_id").ProducesProblem(404).ProducesProblem(503);
        group.MapGet("/marks", List).WithName("ListDetectionMarks").WithSummary("What was said of a camera's detections, the last first")
            .RequireAccess(AccessAction.ReadDetections, SitePart.Camera, "camera_id")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        return routes;
    }

    private static async Task<Ok<DetectionMark>> Set(
        [FromRoute(Name = "camera_id")] Guid cameraId,
        [FromRoute(Name = "detection_id")] Guid detectionId,
        MarkDetection request,
        CurrentAccess access,
        DetectionMarks marks,
        CancellationToken cancellationToken)
    {
        var comment = string.IsNullOrWhiteSpace(request.Comment) ? null : request.Comment.Trim();
        if (comment?.Contains('\0') == true)
        {
            // PostgreSQL cannot store it in a text.
            throw new FleetRefusedException(RefusalKind.Invalid, "comment", "comment must not contain a zero character.");
        }

        var mark = await marks.SetAsync(
            cameraId, detectionId, request.FrameTime!.Value, request.Verdict!.Value, comment, access.UserId, cancellationToken);
        return TypedResults.Ok(mark ?? throw new FleetRefusedException(
            RefusalKind.NotFound,
            "frame_time",
            $"Camera {cameraId:D} has no detection {detectionId:D} in a frame of that time: give both as the list has them."));
    }

    private static async Task<NoContent> Remove(
        [FromRoute(Name = "camera_id")] Guid cameraId,
        [FromRoute(Name = "detection_id")] Guid detectionId,
        DetectionMarks marks,
        CancellationToken cancellationToken)
    {
        await marks.RemoveAsync(cameraId, detectionId, cancellationToken).OrNotFound("mark of detection", detectionId, "detection_id");
        return TypedResults.NoContent();
    }

    private static async Task<Ok<Page<DetectionMark>>> List(
        [FromRoute(Name = "camera_id")] Guid cameraId,
        [AsParameters] MarkFilter filter,
        [AsParameters] PageRequest page,
        DetectionMarks marks,
        CancellationToken cancellationToken)
    {
        var found = await marks.ListAsync(cameraId, filter.DeploymentId, filter.Verdict?.Value, new(page.Rows, page.Cursor), cancellationToken);
        return TypedResults.Ok(new Page<DetectionMark>(found.Items, found.NextCursor));
    }
}

/// <summary>What is said of a detection.</summary>
public sealed record MarkDetection
{
    /// <summary>When the detection's frame was taken, as the list has it, to the microsecond.</summary>
    [Required]
    public DateTimeOffset? FrameTime { get; init; }

    /// <summary>Whether there is such an object.</summary>
    [Required]
    public DetectionVerdict? Verdict { get; init; }

    /// <summary>In words, for whoever trains the next version.</summary>
    [StringLength(1000)]
    public string? Comment { get; init; }
}

/// <summary>Which marks are wanted.</summary>
public sealed record MarkFilter
{
    [FromQuery(Name = "deployment_id")]
    public Guid? DeploymentId { get; init; }

    [FromQuery(Name = "verdict")]
    public Named<DetectionVerdict>? Verdict { get; init; }
}
