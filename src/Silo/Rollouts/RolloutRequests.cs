using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

using Microsoft.AspNetCore.Mvc;

using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Silo.Rollouts;

/// <summary>The wish to bring a deployment to another version step by step.</summary>
public sealed record StartRollout
{
    /// <summary>Id of your choice, so that a repeated request begins nothing twice; the candidate's deployment gets it.</summary>
    public Guid? Id { get; init; }

    /// <summary>The version to come to.</summary>
    [Required]
    public Guid? ModelId { get; init; }

    /// <summary>Steps in their order, 1 to 50.</summary>
    [Required, MinLength(1), MaxLength(50)]
    public RolloutStep[] Steps { get; init; } = [];

    /// <summary>
    /// What is measured beside all steps, at most 20 metrics; the stable deployment's own thresholds and
    /// <c>rollback_trigger_conditions</c> are besides. What fails rolls back.
    /// </summary>
    [MaxLength(20)]
    public AnalysisMetric[] Analysis { get; init; } = [];

    /// <summary>Not before; at once where it is left out.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>Whether the candidate takes over by itself after the last step.</summary>
    public bool PromotesItself { get; init; } = true;

    /// <summary>How long cameras may take to be served as a step wants it.</summary>
    [Range(10, 86_400)]
    public int ProgressDeadlineSeconds { get; init; } = 600;

    /// <summary>How long the stable deployment stays warm after the switch.</summary>
    [Range(0, 604_800)]
    public int KeepsWarmSeconds { get; init; } = 30;
}

/// <summary>Why a rollout is told something.</summary>
public sealed record RolloutWord
{
    /// <summary>One sentence, kept with the decision.</summary>
    [StringLength(500)]
    public string? Reason { get; init; }
}

/// <summary>The wish to have a deployment's cameras back at a version from before.</summary>
public sealed record RollBackDeployment
{
    /// <summary>
    /// The version; where it is left out, that of the deployment before it, or else its <c>rollback_model_id</c>. While a rollout is under
    /// way it is the stable deployment's, and may not be another.
    /// </summary>
    public Guid? ModelId { get; init; }

    /// <summary>Id of your choice, so that a repeated request begins nothing twice.</summary>
    public Guid? Id { get; init; }

    /// <summary>Changes over camera by camera as the model is loaded, without waiting for it to be loaded for all.</summary>
    public bool Emergency { get; init; }

    /// <summary>One sentence, kept with the decision.</summary>
    [StringLength(500)]
    public string? Reason { get; init; }
}

/// <summary>Which rollouts are wanted.</summary>
public sealed record RolloutListFilter
{
    [FromQuery(Name = "site_id")]
    public Guid? SiteId { get; init; }

    [FromQuery(Name = "deployment_id"), Description("Those that have it on either side.")]
    public Guid? DeploymentId { get; init; }

    [FromQuery(Name = "is_settled"), Description("true: those that are over; false: those that are not.")]
    public bool? IsSettled { get; init; }
}
