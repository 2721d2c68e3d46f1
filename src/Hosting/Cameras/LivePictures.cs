using System.Globalization;
using System.Text;

using Microsoft.AspNetCore.Http;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Hosting.Cameras;

/// <summary>
/// Answers with a camera's live frames as <c>multipart/x-mixed-replace</c> until the client goes. A stream that moves to
/// another worker in between goes on by itself.
/// </summary>
public sealed class LivePictures(ICameraStreamGrain camera, TimeProvider time) : IResult
{
    private const string Boundary = "frame";

    /// <summary>Asks for whatever frame comes next.</summary>
    private const long AnyFrame = -1;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private long _number = AnyFrame;

    /// <summary>The next frame of a camera.</summary>
    /// <exception cref="FleetRefusedException">None came: there is no picture to show.</exception>
    public static async Task<LiveFrame> First(ICameraStreamGrain camera, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(camera);
        return await camera.GetLiveFrame(AnyFrame, cancellationToken) ?? throw new FleetRefusedException(
            RefusalKind.NotFound, null, "The camera gave no frame within ten seconds. Is it enabled, deployed to and connected?");
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var gone = httpContext.RequestAborted;
        try
        {
            // The first frame before the first byte: without one there is still a status to answer with.
            var frame = await First(camera, gone);
            httpContext.Response.ContentType = $"multipart/x-mixed-replace; boundary={Boundary}";
            httpContext.Response.Headers.CacheControl = "no-store";
            while (!gone.IsCancellationRequested)
            {
                await Write(httpContext.Response, frame, gone);
                _number = frame.Number;
                frame = await Next(gone);
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The viewer closed the picture.
        }
    }

    private async Task<LiveFrame> Next(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (await camera.GetLiveFrame(_number, cancellationToken) is { } frame)
                {
                    return frame;
                }
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // A worker died or lets the camera go; the supervisor brings the stream back elsewhere.
                await Task.Delay(PauseAfterFailure, time, cancellationToken);
            }

            // A new run of the stream counts from the start.
            _number = AnyFrame;
        }
    }

    private static async Task Write(HttpResponse response, LiveFrame frame, CancellationToken cancellationToken)
    {
        var head = string.Create(CultureInfo.InvariantCulture,
            $"--{Boundary}\r\nContent-Type: image/jpeg\r\nContent-Length: {frame.Jpeg.Length}\r\n\r\n");
        await response.Body.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken);
        await response.Body.WriteAsync(frame.Jpeg, cancellationToken);
        await response.Body.WriteAsync("\r\n"u8.ToArray(), cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
