using System.Text.Json;
using System.Text.RegularExpressions;

using Npgsql;

using Orleans.Storage;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>What an exception becomes in an answer. Pure.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Detail">What is wrong and what to do, without internals.</param>
/// <param name="Field">The request's field at fault in the API's spelling, or null.</param>
internal sealed partial record Problem(int Status, string Detail, string? Field = null)
{
    /// <summary>Whether the same request may well succeed a little later.</summary>
    public bool IsPassing => Status is StatusCodes.Status503ServiceUnavailable;

    /// <summary>Whether somebody has to look at it: the fault is ours.</summary>
    public bool IsFault => Status is StatusCodes.Status500InternalServerError;

    /// <summary>Whether somebody said no: nothing was done, and the same request is refused again.</summary>
    public bool IsRefusal => Status is >= 400 and < 500;

    /// <summary>Both versions of a row that somebody else changed, or null.</summary>
    public RowConflictException? Conflict { get; init; }

    public static Problem Of(Exception exception) => exception switch
    {
        FleetRefusedException refused => new(StatusOf(refused.Kind), refused.Message, refused.Field),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new(413, "The request is larger than this endpoint takes."),
        BadHttpRequestException bad => Unreadable(bad),
        InvalidOperationException { InnerException: ArgumentException } charset
            when charset.Message.Contains("content type charset", StringComparison.Ordinal) =>
            new(415, "The content type names a charset that is not known. Send UTF-8."),
        RowConflictException conflict => new(409, conflict.Message) { Conflict = conflict },
        InconsistentStateException => new(409, "Somebody else changed it at the same moment. Read it again and repeat the request."),
        SiloUnavailableException or OrleansMessageRejectionException or ClientNotAvailableException =>
            new(503, "The part of the cluster that was asked went away. Repeat the request."),
        OrleansException { Message: var message } when message.Contains("No active nodes", StringComparison.OrdinalIgnoreCase) =>
            new(503, "No silo that can do this is up. Start a worker, then repeat the request."),
        TimeoutException => new(503, "The cluster did not answer in time; whether it did what was asked is not known. Read it, then repeat."),
        NpgsqlException { IsTransient: true } => new(503, "The database is away for the moment. Repeat the request."),
        _ when exception.InnerException is FleetRefusedException or RowConflictException => Of(exception.InnerException),
        _ => new(500, "The request failed by a fault of the fleet. Give the trace id to whoever runs it; the log says more."),
    };

    private static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => StatusCodes.Status400BadRequest,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.PreconditionRequired => StatusCodes.Status428PreconditionRequired,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static Problem Unreadable(BadHttpRequestException exception)
    {
        if (exception.InnerException is JsonException json)
        {
            var path = json.Path?.TrimStart('$').TrimStart('.');
            return string.IsNullOrEmpty(path)
                ? new(400, "The body is not the JSON object that is expected.")
                : new(400, $"'{path}' has a value that cannot be read.", path);
        }

        // ASP.NET names the parameter by its C# type and name: "Guid? deployment_id".
        return Parameter().Match(exception.Message) is { Success: true } match
            ? new(exception.StatusCode, $"'{SnakeCase(match.Groups[1].Value)}' is missing or cannot be read.", SnakeCase(match.Groups[1].Value))
            : new(exception.StatusCode, "The request cannot be read as HTTP with the content type that is expected.");
    }

    /// <summary>A C# name as the API spells it; a path of names keeps its dots and indexes.</summary>
    public static string SnakeCase(string name) =>
        string.Join('.', name.Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));

    [GeneratedRegex("parameter \"\\S+ (\\w+)\"")]
    private static partial Regex Parameter();
}
