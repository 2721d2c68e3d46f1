using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

using Microsoft.AspNetCore.Mvc;

using OrleansAiFleet.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>What goes with a step.</summary>
public sealed record StepRequest
{
    [StringLength(4000), Description("Why; needed where the step is against the version.")]
    public string? Comment { get; init; }
}

/// <summary>Another stage.</summary>
public sealed record StageRequest
{
    [Required]
    public LifecycleStage? LifecycleStage { get; init; }

    [StringLength(4000)]
    public string? Comment { get; init; }
}

/// <summary>The version that an alias of a site is to name.</summary>
public sealed record SiteAliasRequest
{
    [Required]
    public Guid? ModelId { get; init; }
}

/// <summary>A category as it is to be.</summary>
public sealed record CategoryRequest
{
    [Required, StringLength(255)]
    public string Name { get; init; } = "";

    [Required, StringLength(255), Description("Safety Compliance, Equipment Management, Personnel Tracking, Quality Control, or one of your own.")]
    public string Family { get; init; } = "";

    public string? Description { get; init; }

    public ModelType ModelType { get; init; }

    [Description("Class names for a model whose file has none, where their number is right.")]
    public string[] DefaultClasses { get; init; } = [];

    [Range(0, 1)]
    public decimal ConfidenceThreshold { get; init; } = 0.50m;

    public AlertSeverity AlertSeverity { get; init; } = AlertSeverity.Medium;

    [Description("What every model of the category must find on its known-positive picture; any class where it is empty.")]
    public string[] KnownPositiveClasses { get; init; } = [];

    [Range(0, 1)]
    public decimal KnownPositiveConfidence { get; init; } = 0.40m;
}

/// <summary>Which time of a timeline.</summary>
public sealed record TimelineRequest
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(30);

    [FromQuery(Name = "at"), Description("What was live at this moment; instead of from and to.")]
    public DateTimeOffset? At { get; init; }

    [FromQuery(Name = "from"), Description("What was live after this; 30 days ago where it is left out.")]
    public DateTimeOffset? From { get; init; }

    [FromQuery(Name = "to"), Description("What was live until this; now where it is left out.")]
    public DateTimeOffset? To { get; init; }

    internal (DateTimeOffset From, DateTimeOffset To) Span(DateTimeOffset now) =>
        At is { } moment ? (moment, moment) : (From ?? Before(To ?? now), To ?? now);

    private static DateTimeOffset Before(DateTimeOffset moment) =>
        moment.UtcTicks < Usual.Ticks ? DateTimeOffset.MinValue : moment.ToUniversalTime() - Usual;
}

/// <summary>One version in the history of a model.</summary>
public sealed record ModelVersion
{
    public required Guid Id { get; init; }

    public required string Version { get; init; }

    public required ModelStatus Status { get; init; }

    public required LifecycleStage LifecycleStage { get; init; }

    public required ApprovalStatus ApprovalStatus { get; init; }

    [Description("What is new, in the uploader's words.")]
    public string? Changelog { get; init; }

    [Description("Aliases of the fleet that name it.")]
    public required string[] Aliases { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public Guid? CreatedBy { get; init; }
}
