using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

using Microsoft.AspNetCore.Mvc;

using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Hosting.Access;

namespace OrleansAiFleet.Silo.Deployments.Optimization;

/// <summary>The wish to have a deployment do its work better.</summary>
public sealed record OptimizePerformance : IDeploymentBound
{
    /// <summary>Id of your choice, so that a repeated request begins nothing twice.</summary>
    public Guid? Id { get; init; }

    /// <summary>The deployment whose settings are looked for.</summary>
    [Required]
    public Guid? DeploymentId { get; init; }

    /// <summary>95 of 100 frames are to have their result within so many milliseconds of their arrival.</summary>
    [Required, Range(1, 60_000)]
    public double? LatencyTargetMilliseconds { get; init; }

    /// <summary>What is better among the settings that keep to that.</summary>
    public OptimizationGoal Goal { get; init; }

    /// <summary>Share of the objects that another resolution has to find as the one of now does.</summary>
    [Range(0.5, 1)]
    public double MinimumAgreement { get; init; } = 0.95;

    /// <summary>Values of processing_interval_seconds that may be proposed beside the one of now, at most 8; 0: every frame.</summary>
    [MaxLength(8)]
    public int[] Intervals { get; init; } = [];

    /// <summary>Frames that each setting is measured on.</summary>
    [Range(20, 1_000)]
    public int Frames { get; init; } = 60;

    internal PerformanceOptimization ToOptimization(Guid createdBy) => new()
    {
        Id = Id ?? Guid.CreateVersion7(),
        DeploymentId = DeploymentId!.Value,
        Wish = new()
        {
            LatencyTargetMilliseconds = LatencyTargetMilliseconds!.Value,
            Goal = Goal,
            MinimumAgreement = MinimumAgreement,
            Intervals = Intervals,
            Frames = Frames,
        },
        CreatedBy = createdBy,
    };
}

/// <summary>Which searches are wanted.</summary>
public sealed record OptimizationListFilter
{
    [FromQuery(Name = "site_id")]
    public Guid? SiteId { get; init; }

    [FromQuery(Name = "deployment_id")]
    public Guid? DeploymentId { get; init; }

    [FromQuery(Name = "is_settled"), Description("true: those that are over; false: those that are not.")]
    public bool? IsSettled { get; init; }
}
