using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;

namespace OrleansAiFleet.Hosting.Health;

/// <summary>
/// <c>/health/live</c> says that the process answers, and nothing else: a database that is away is no reason to kill it.
/// <c>/health/ready</c> says whether work should be sent here, with a reason per check.
/// </summary>
public static class HealthEndpoints
{
    /// <summary>Tag of the checks that count for readiness.</summary>
    public const string Ready = "ready";

    /// <summary>Maps both endpoints.</summary>
    public static IEndpointRouteBuilder MapFleetHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new() { Predicate = static _ => false, ResponseWriter = Write }).OpenToAll();
        routes.MapHealthChecks("/health/ready", new() { Predicate = static check => check.Tags.Contains(Ready), ResponseWriter = Write }).OpenToAll();
        return routes;
    }

    private static Task Write(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new HealthAnswer(
            report.Status,
            report.Entries.ToDictionary(entry => entry.Key, entry => new CheckAnswer(entry.Value.Status, entry.Value.Description))),
        FleetJson.Options,
        context.RequestAborted);
}

internal sealed record HealthAnswer(HealthStatus Status, Dictionary<string, CheckAnswer> Checks);

internal sealed record CheckAnswer(HealthStatus Status, string? Description);
