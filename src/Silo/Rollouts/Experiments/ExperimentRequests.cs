using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

using Microsoft.AspNetCore.Mvc;

using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;

namespace OrleansAiFleet.Silo.Rollouts.Experiments;

/// <summary>The wish to know which of two versions is better.</summary>
public sealed record StartExperiment
{
    /// <summary>Id of your choice, so that a repeated request begins nothing twice; B's deployment and the rollout get it.</summary>
    public Guid? Id { get; init; }

    [Required, StringLength(255)]
    public string Name { get; init; } = "";

    /// <summary>The version that B runs.</summary>
    [Required]
    public Guid? ModelId { get; init; }

    /// <summary>Percent of the cameras that B has from beginning to end; 0: it only looks along unseen.</summary>
    [Required, Range(0, 99)]
    public int? Weight { get; init; }

    /// <summary>Percent of the cameras on which both look, one of them unseen; 0: the first eight of B's cameras.</summary>
    [Range(0, 100)]
    public int Shadow { get; init; }

    /// <summary>What is compared, 1 to 5 measures that both versions have a value of.</summary>
    [Required, MinLength(1), MaxLength(5)]
    public ExperimentMetric[] Metrics { get; init; } = [];

    /// <summary>How often what is said may be wrong where there is no difference, over all metrics and looks.</summary>
    [Range(0.0001, 0.2)]
    public double Alpha { get; init; } = 0.05;

    /// <summary>Slots of each metric before anything is said.</summary>
    [Range(20, 1_000_000)]
    public int MinimumSlots { get; init; } = 100;

    /// <summary>Slots at which intervals are to be tightest: about as many as are expected.</summary>
    [Range(20, 1_000_000)]
    public int TightestAtSlots { get; init; } = 500;

    /// <summary>How long a slot is: a camera gives one pair in it, and all cameras together one difference.</summary>
    [Range(10, 600)]
    public int SlotSeconds { get; init; } = 60;

    /// <summary>Nothing but that B is worse is said before; left out: a day, or as long as it lasts at most.</summary>
    [Range(0, 60 * 24 * 3600)]
    public int? ShortestSeconds { get; init; }

    /// <summary>How long it lasts at most.</summary>
    [Range(600, 60 * 24 * 3600)]
    public int LongestSeconds { get; init; } = 7 * 24 * 3600;

    /// <summary>What happens at the end.</summary>
    public ExperimentConsequence OnVerdict { get; init; }

    /// <summary>Metrics of the rollout beside it, at most 20: what fails ends the experiment and gives the cameras back to A.</summary>
    [MaxLength(20)]
    public AnalysisMetric[] Analysis { get; init; } = [];

    internal Experiment ToExperiment(Guid deploymentId, Guid createdBy) => new()
    {
        Id = Id ?? Guid.CreateVersion7(),
        Name = Name,
        DeploymentId = deploymentId,
        ModelId = ModelId!.Value,
        CreatedBy = createdBy,
        Plan = new()
        {
            Weight = Weight!.Value,
            Shadow = Shadow,
            Metrics = Metrics,
            Alpha = Alpha,
            MinimumSlots = MinimumSlots,
            TightestAtSlots = TightestAtSlots,
            SlotSeconds = SlotSeconds,
            ShortestSeconds = ShortestSeconds ?? Math.Min(24 * 3600, LongestSeconds),
            LongestSeconds = LongestSeconds,
            OnVerdict = OnVerdict,
            Analysis = Analysis,
        },
    };
}

/// <summary>Why an experiment is stopped.</summary>
public sealed record StopExperiment
{
    /// <summary>One sentence, kept with the experiment.</summary>
    [StringLength(500)]
    public string? Reason { get; init; }
}

/// <summary>Which experiments are wanted.</summary>
public sealed record ExperimentListFilter
{
    [FromQuery(Name = "site_id")]
    public Guid? SiteId { get; init; }

    [FromQuery(Name = "deployment_id"), Description("Those that have it as A or B.")]
    public Guid? DeploymentId { get; init; }

    [FromQuery(Name = "is_settled"), Description("true: those that are over; false: those that are not.")]
    public bool? IsSettled { get; init; }
}
