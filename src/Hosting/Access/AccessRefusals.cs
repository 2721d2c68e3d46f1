using System.Globalization;
using System.Net;

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Access;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Answers what is refused, and has it recorded.</summary>
internal static partial class AccessRefusals
{
    /// <summary>Action of every refusal in the audit trail.</summary>
    public const string AuditAction = "requests.refuse";

    /// <summary>Nobody known: a browser is led to the sign-in, a program told what is missing.</summary>
    public static async Task UnknownAsync(HttpContext context, CurrentAccess access)
    {
        await RecordAsync(context, access, access.Fault ?? "No credentials came with the request.");
        if (IsPage(context.Request) && context.RequestServices.GetRequiredService<IOptions<AccessOptions>>().Value.SignInUrl is { } signIn)
        {
            context.Response.Redirect(QueryString.Create("return_url", ReturnUrl(context.Request, signIn)).ToUriComponent() is var query
                ? signIn + query
                : signIn);
            return;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        await AnswerAsync(
            context,
            StatusCodes.Status401Unauthorized,
            (access.Fault is null ? "" : "The credentials are not good. ")
            + "Give an API key in X-Api-Key, or an access token of /api/access/sign-in as Authorization: Bearer.");
    }

    /// <summary>Somebody known who has not the right at all.</summary>
    public static async Task ForbiddenAsync(HttpContext context, CurrentAccess access, string reason)
    {
        await RecordAsync(context, access, reason);
        await AnswerAsync(context, StatusCodes.Status403Forbidden, reason);
    }

    /// <summary>Something that is not there, or not for this caller: the answer is the same.</summary>
    public static async Task NotFoundAsync(HttpContext context, SitePart part, Guid id, string? field, AccessAction action)
    {
        var noun = part.ToString().ToLowerInvariant();
        await RecordAsync(
            context, CurrentAccess.Of(context), $"{ActionNames.NameOf(action)} on {noun} {id}: not there, or not on the caller's sites.", part, id);
        await AnswerAsync(context, StatusCodes.Status404NotFound, $"There is no {noun} {id}.", field);
    }

    /// <summary>Too many. Not recorded one by one: that would be a way to fill the trail.</summary>
    public static Task TooManyAsync(HttpContext context, TimeSpan wait)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return AnswerAsync(context, StatusCodes.Status429TooManyRequests, $"Too many requests. Repeat it in {seconds} s.");
    }

    private static bool IsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    // A sign-in page of this host gets a path: where the host is known under another name, that stays right.
    private static string ReturnUrl(HttpRequest request, string signIn)
    {
        var path = $"{request.PathBase}{request.Path}{request.QueryString}";
        return signIn.StartsWith('/') ? path : $"{request.Scheme}://{request.Host}{path}";
    }

    private static async Task AnswerAsync(HttpContext context, int status, string detail, string? field = null)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        if (IsPage(context.Request))
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(
                $"<!DOCTYPE html><html lang=\"en\"><title>Refused</title><p>{WebUtility.HtmlEncode(detail)}</p></html>", context.RequestAborted);
            return;
        }

        var problem = new ProblemDetailsContext { HttpContext = context, ProblemDetails = { Status = status, Detail = detail } };
        if (field is not null)
        {
            problem.ProblemDetails.Extensions["field"] = field;
        }

        await context.RequestServices.GetRequiredService<IProblemDetailsService>().TryWriteAsync(problem);
    }

    private static async Task RecordAsync(HttpContext context, CurrentAccess access, string reason, SitePart? part = null, Guid? id = null)
    {
        var trail = context.RequestServices.GetRequiredService<IAuditTrail>();
        var pattern = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? context.Request.Path.ToString();
        try
        {
            await trail.AppendAsync(
                new()
                {
                    Caller = access.Caller,
                    Action = AuditAction,
                    Outcome = AuditOutcome.Refused,
                    TargetType = part is null ? "endpoint" : part.ToString()!.ToLowerInvariant() + "s",
                    TargetId = id?.ToString() ?? $"{context.Request.Method} {pattern}",
                    Reason = part is null ? reason : $"{context.Request.Method} {pattern}: {reason}",
                },
                context.RequestAborted);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            // What is refused stays refused.
            LogUnrecorded(Logger(context), context.Request.Method, pattern, exception.Message);
        }
    }

    private static ILogger Logger(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AccessRefusals));

    [LoggerMessage(LogLevel.Error, "The refusal of {Method} {Pattern} could not be recorded: {Reason}")]
    private static partial void LogUnrecorded(ILogger logger, string method, string pattern, string reason);
}
