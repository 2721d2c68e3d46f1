using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Cameras;

namespace OrleansAiFleet.WebAdmin.Cameras;

/// <summary><c>/live/{camera}.mjpeg</c>: pictures by way of the console, so that a browser talks to one address only.</summary>
internal static class LivePicturesApi
{
    public static IEndpointRouteBuilder MapLivePictures(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/live/{camera:guid}.mjpeg", Show);
        return routes;
    }

    private static async Task Show(Guid camera, HttpContext context, IGrainFactory grains, TimeProvider time)
    {
        try
        {
            // A camera that nobody created must not make an activation on a worker.
            if (await grains.GetGrain<ICameraGrain>(camera).Get() is null)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            await new LivePictures(grains.GetGrain<ICameraStreamGrain>(camera), time).ExecuteAsync(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = exception is FleetRefusedException { Kind: RefusalKind.NotFound }
                ? StatusCodes.Status404NotFound
                : StatusCodes.Status503ServiceUnavailable;
        }
    }
}
