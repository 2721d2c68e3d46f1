using Microsoft.AspNetCore.Mvc;

using OrleansAiFleet.Access;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Hosting.Cameras;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.WebAdmin.Cameras;

/// <summary><c>/live/{camera}.mjpeg</c>: pictures by way of the console, so that a browser talks to one address only.</summary>
internal static partial class LivePicturesApi
{
    public static IEndpointRouteBuilder MapLivePictures(this IEndpointRouteBuilder routes)
    {
        // Asked for by img elements, which show no page.
        routes.MapGet("/live/{camera:guid}.mjpeg", Show).WithMetadata(new SkipStatusCodePagesAttribute())
            .RequireAccess(AccessAction.WatchCameras, SitePart.Camera, "camera");
        return routes;
    }

    private static async Task Show(
        Guid camera, HttpContext context, IGrainFactory grains, IAuditTrail trail, TimeProvider time, ILoggerFactory loggers)
    {
        try
        {
            // A camera that nobody created must not make an activation on a worker.
            if (await grains.GetGrain<ICameraGrain>(camera).Get() is null)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            await trail.AppendAsync(PictureReads.Of(camera), context.RequestAborted);
            await new LivePictures(grains.GetGrain<ICameraStreamGrain>(camera), time).ExecuteAsync(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            if (exception is FleetRefusedException { Kind: RefusalKind.NotFound })
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            LogNoPicture(loggers.CreateLogger(typeof(LivePicturesApi)), camera, exception.Message);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }

    [LoggerMessage(LogLevel.Warning, "No picture of camera {Camera}: {Reason}")]
    private static partial void LogNoPicture(ILogger logger, Guid camera, string reason);
}
