using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

using Microsoft.AspNetCore.Mvc;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Audit;

/// <summary>Which entries of the audit trail are wanted.</summary>
public sealed record AuditFilter
{
    [FromQuery(Name = "from"), Description("What happened at or after it.")]
    public DateTimeOffset? From { get; init; }

    [FromQuery(Name = "to"), Description("What happened before it.")]
    public DateTimeOffset? To { get; init; }

    [FromQuery(Name = "caller"), StringLength(300), Description("Name or id of who did it.")]
    public string? Caller { get; init; }

    [FromQuery(Name = "action"), StringLength(100), Description("How the action begins: cameras, cameras.update.")]
    public string? Action { get; init; }

    [FromQuery(Name = "outcome"), Description("done, refused or failed")]
    public Named<AuditOutcome>? Outcome { get; init; }

    [FromQuery(Name = "target_type"), StringLength(100), Description("Table or kind of what it was done to: cameras.")]
    public string? TargetType { get; init; }

    [FromQuery(Name = "target_id"), StringLength(500)]
    public string? TargetId { get; init; }

    [FromQuery(Name = "site_id")]
    public Guid? SiteId { get; init; }
}
