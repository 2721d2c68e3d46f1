using Microsoft.AspNetCore.Http;

using OrleansAiFleet.Hosting.Fleet;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Headers that tell browsers to be strict, on every answer, errors too.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    // A year, as hstspreload.org asks for at least.
    private const string OnlyHttps = "max-age=31536000";

    public Task InvokeAsync(HttpContext context)
    {
        // What answers an error clears the headers that are there; nothing clears what is written last.
        context.Response.OnStarting(static state => Write((HttpContext)state), context);
        return next(context);
    }

    private static Task Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.GetEndpoint()?.Metadata.GetMetadata<ContentPolicy>()?.Write(context) ?? ContentPolicy.NoPage;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        // Promised for localhost it would bind every other program's pages there.
        if (context.Request.IsHttps && !LoopbackHost.Is(context.Request.Host.Host))
        {
            headers.StrictTransportSecurity = OnlyHttps;
        }

        return Task.CompletedTask;
    }
}
