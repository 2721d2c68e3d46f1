using System.Diagnostics;

using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>Answers every exception as problem+json; the only place that does.</summary>
internal sealed partial class ProblemAnswers(IProblemDetailsService problems, ILogger<ProblemAnswers> logger) : IExceptionHandler
{
    /// <summary>Long enough for a dead silo to be noticed and its work to move.</summary>
    private const string RetryAfterSeconds = "5";

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to read an answer.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var problem = Problem.Of(exception);
        Log(context.Request, problem, exception);
        context.Response.StatusCode = problem.Status;
        if (problem.IsPassing)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        var details = new ProblemDetails { Status = problem.Status, Detail = problem.Detail };
        if (problem.Field is not null)
        {
            details.Extensions["field"] = problem.Field;
        }

        if (problem.Conflict is { } conflict)
        {
            details.Extensions["your_versions"] = conflict.Asked;
            details.Extensions["current_version"] = conflict.Stored;
            details.Extensions["current"] = conflict.Current;
            context.Response.SetETag(conflict.Stored);
        }

        return await problems.TryWriteAsync(new() { HttpContext = context, ProblemDetails = details });
    }

    /// <summary>Gives every problem its trace id, and a failed validation the shape of all others.</summary>
    public static void Complete(ProblemDetailsContext context)
    {
        var details = context.ProblemDetails;
        details.Instance = context.HttpContext.Request.Path;
        details.Extensions.Remove("traceId");
        details.Detail ??= Explain(details.Status);
        details.Extensions["trace_id"] = Activity.Current?.Id ?? context.HttpContext.TraceIdentifier;
        if (details is HttpValidationProblemDetails { Errors.Count: > 0 } invalid)
        {
            var errors = invalid.Errors.ToDictionary(error => Problem.SnakeCase(error.Key), error => error.Value);
            invalid.Errors.Clear();
            foreach (var (field, messages) in errors)
            {
                invalid.Errors[field] = messages;
            }

            var (firstField, firstMessages) = errors.First();
            details.Detail = firstMessages[0];
            details.Extensions["field"] = firstField;
        }
    }

    /// <summary>What to do about a status that ASP.NET answers by itself.</summary>
    private static string? Explain(int? status) => status switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this address. /docs lists all there is.",
        StatusCodes.Status405MethodNotAllowed => "This address does not take this method. /docs lists those it takes.",
        StatusCodes.Status413PayloadTooLarge => "The body is larger than this address takes.",
        StatusCodes.Status415UnsupportedMediaType => "The body has another content type than this address takes. /docs says which.",
        _ => null,
    };

    private void Log(HttpRequest request, Problem problem, Exception exception)
    {
        if (problem.IsFault)
        {
            LogFault(request.Method, request.Path, exception);
        }
        else if (problem.IsPassing)
        {
            LogUnavailable(request.Method, request.Path, problem.Detail, exception.GetType().Name);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogFault(string method, string path, Exception exception);

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} answered 503: {Reason} ({Exception})")]
    private partial void LogUnavailable(string method, string path, string reason, string exception);
}
