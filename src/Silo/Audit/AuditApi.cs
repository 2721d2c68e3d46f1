using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

using OrleansAiFleet.Access;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Audit;

namespace OrleansAiFleet.Silo.Audit;

/// <summary><c>/api/admin/audit</c>.</summary>
internal static class AuditApi
{
    private const int MostDays = 31;
    private const int UsualDays = 7;

    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/admin/audit").WithTags("Audit").RequireAccess(AccessAction.ReadAudit);
        group.MapGet("/", List).WithName("ListAuditEntries").WithSummary("Who did, tried or read what, newest first")
            .ProducesProblem(400).ProducesProblem(503);
        group.MapGet("/export", Export).WithName("ExportAuditEntries")
            .WithSummary("All entries that pass the filter as a file; is recorded itself")
            .Produces<string>(200, "application/x-ndjson", "text/csv").ProducesProblem(400).ProducesProblem(503);
        group.MapGet("/verification", Verify).WithName("VerifyAuditTrail")
            .WithSummary("Recomputes up to 31 days of the trail and names every row that is not as it was written")
            .ProducesProblem(400).ProducesProblem(503);
        return routes;
    }

    private static async Task<Ok<Page<AuditEntry>>> List(
        [AsParameters] AuditFilter filter,
        [AsParameters] PageRequest page,
        IAuditReader audit,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await audit.ReadAsync(filter, page, cancellationToken));

    private static async Task<AuditExport> Export(
        [AsParameters] AuditFilter filter,
        [FromQuery] Named<AuditFormat>? format,
        IAuditReader audit,
        IAuditTrail trail,
        CancellationToken cancellationToken)
    {
        var written = format?.Value ?? AuditFormat.Ndjson;
        await trail.AppendAsync(
            new()
            {
                Action = "audit.export",
                TargetType = "audit_entries",
                SiteId = filter.SiteId,
                After = JsonText.From(new
                {
                    Format = written,
                    filter.From,
                    filter.To,
                    filter.Caller,
                    filter.Action,
                    Outcome = filter.Outcome?.Value,
                    filter.TargetType,
                    filter.TargetId,
                    filter.SiteId,
                }).Value,
            },
            cancellationToken);
        return new(audit.ReadAllAsync(filter, cancellationToken), written);
    }

    private static async Task<Ok<AuditVerification>> Verify(
        [FromQuery] DateOnly? from,
        [FromQuery] DateOnly? to,
        IAuditReader audit,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var last = to ?? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var first = from ?? DateOnly.FromDayNumber(Math.Max(0, last.DayNumber - UsualDays + 1));
        if (first > last || last.DayNumber - first.DayNumber >= MostDays)
        {
            throw new FleetRefusedException(
                RefusalKind.Invalid, "from", $"from must be 0 to {MostDays - 1} days before to; ./fleet audit verify takes any range.");
        }

        return TypedResults.Ok(await audit.VerifyAsync(first, last, cancellationToken));
    }
}
