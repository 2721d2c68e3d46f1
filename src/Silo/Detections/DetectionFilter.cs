using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

using Microsoft.AspNetCore.Mvc;

namespace OrleansAiFleet.Silo.Detections;

/// <summary>Which detections of a camera are wanted.</summary>
public sealed record DetectionFilter
{
    [FromQuery(Name = "from"), Description("Frames taken at or after it.")]
    public DateTimeOffset? From { get; init; }

    [FromQuery(Name = "to"), Description("Frames taken before it.")]
    public DateTimeOffset? To { get; init; }

    [FromQuery(Name = "class"), StringLength(255), Description("Class name: person.")]
    public string? ClassName { get; init; }

    [FromQuery(Name = "min_confidence"), Range(0, 1)]
    public float? MinConfidence { get; init; }

    [FromQuery(Name = "deployment_id")]
    public Guid? DeploymentId { get; init; }

    [FromQuery(Name = "shadow"), Description("true: what a version found that looked along unseen, for a rollout.")]
    public bool? Shadow { get; init; }
}
