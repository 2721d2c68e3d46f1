using System.ComponentModel.DataAnnotations;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;

namespace OrleansAiFleet.Silo.Deployments;

/// <summary>A deployment of a model version to a site.</summary>
public record DeployToSite : ISiteBound
{
    /// <summary>Id of your choice, so that a repeated request creates nothing twice.</summary>
    public Guid? Id { get; init; }

    [Required]
    public Guid? SiteId { get; init; }

    [Required, StringLength(255)]
    public string DeploymentName { get; init; } = "";

    /// <summary>Cameras to look at; all of the site where it is left out.</summary>
    public Guid[]? InputSources { get; init; }

    /// <summary>Lowest confidence stored, 0 to 1; the model's own where it is left out.</summary>
    [Range(0, 1)]
    public decimal? ConfidenceThreshold { get; init; }

    /// <summary>Largest batch; the model's best where it is left out.</summary>
    [Range(1, 1024)]
    public int? BatchSize { get; init; }

    public DeploymentType DeploymentType { get; init; } = DeploymentType.Production;

    public DeploymentStrategy DeploymentStrategy { get; init; } = DeploymentStrategy.Immediate;

    /// <summary>
    /// For the strategy scheduled: when it goes to work, by the site's clock where no offset stands with it; inside the site's
    /// maintenance windows, if it has any.
    /// </summary>
    [StringLength(40)]
    public string? ScheduledStartTime { get; init; }

    /// <summary>When it is terminated; left out: when somebody says so.</summary>
    [StringLength(40)]
    public string? ScheduledEndTime { get; init; }

    /// <summary>The deployment that it follows: what a rollback goes back to; with the strategy gradual, what it goes over from.</summary>
    public Guid? PreviousDeploymentId { get; init; }

    /// <summary>Whether its instances follow its load.</summary>
    public bool AutoScalingEnabled { get; init; }

    /// <summary>Fewest workers that hold its model; on_demand, those that hold it while it is awake.</summary>
    [Range(1, 1000)]
    public int MinInstances { get; init; } = 1;

    /// <summary>Most workers that hold its model.</summary>
    [Range(1, 1000)]
    public int MaxInstances { get; init; } = 3;

    /// <summary>Busy share of its instances in percent above which there are more.</summary>
    [Range(0, 100)]
    public decimal ScaleUpThreshold { get; init; } = 80;

    /// <summary>Busy share of its instances in percent below which there are fewer.</summary>
    [Range(0, 100)]
    public decimal ScaleDownThreshold { get; init; } = 30;

    /// <summary>Memory that an instance takes of a worker's accelerators; the model's <c>min_gpu_memory_gb</c> where it is left out.</summary>
    [Range(0, 9999.99)]
    public decimal? AllocatedGpuMemoryGb { get; init; }

    /// <summary>Cores that an instance takes of a worker; the model's <c>cpu_cores_required</c> where it is left out.</summary>
    [Range(1, 4096)]
    public int? AllocatedCpuCores { get; init; }

    /// <summary>Memory that it takes of a worker without accelerator; the model's <c>ram_requirement_gb</c> where it is left out.</summary>
    [Range(0, 9999.99)]
    public decimal? AllocatedRamGb { get; init; }

    /// <summary>What all its instances together may take: <c>gpu_memory_gb</c>, <c>ram_gb</c>, <c>cpu_cores</c>.</summary>
    public JsonText? ResourceLimits { get; init; }

    public PriorityLevel PriorityLevel { get; init; } = PriorityLevel.Medium;

    /// <summary>Longest a frame may wait and run, in seconds.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>
    /// Least time between two frames of a camera that the model looks at, in seconds; 0: every frame that the camera's sampling gives.
    /// </summary>
    [Range(0, 86_400)]
    public int ProcessingIntervalSeconds { get; init; } = 1;

    /// <summary>How pictures go into the model, where not as its configuration says: see docs/deployments.md.</summary>
    public JsonText? PreprocessingPipeline { get; init; }

    /// <summary>What becomes of its objects, where not as its configuration says: see docs/deployments.md.</summary>
    public JsonText? PostprocessingPipeline { get; init; }

    public string? DeploymentNotes { get; init; }

    /// <summary>Alias to follow (<c>champion</c>): the deployment takes up whatever version it comes to name.</summary>
    [StringLength(50)]
    public string? ModelAlias { get; init; }

    /// <summary>Why it is deployed although the licence or an export restriction says no. Needs a right of its own.</summary>
    [StringLength(2000)]
    public string? LicenseOverride { get; init; }

    /// <summary>Callers from outside may send it pictures.</summary>
    public bool ApiAccessEnabled { get; init; }

    /// <summary>Who alone may, beside those who may deploy there; left out: everybody with the right to infer there.</summary>
    [MaxLength(1000)]
    public Guid[]? AuthorizedUsers { get; init; }

    /// <summary>Most of their requests at a time.</summary>
    [Range(1, 1000)]
    public int MaxConcurrentRequests { get; init; } = 10;

    /// <summary>Their requests a minute on average; as many may come at once after a quiet minute.</summary>
    [Range(1, 100_000)]
    public int RateLimitRequestsPerMinute { get; init; } = 100;

    /// <summary>Whether its thresholds are watched.</summary>
    public bool MonitoringEnabled { get; init; } = true;

    public bool AlertOnErrors { get; init; } = true;

    public bool AlertOnPerformanceDegradation { get; init; } = true;

    /// <summary>Percent that a successor may be slower.</summary>
    [Range(0, 999)]
    public decimal PerformanceAlertThreshold { get; init; } = 10;

    /// <summary>Percent of frames that may end in an error.</summary>
    [Range(0, 100)]
    public decimal ErrorRateAlertThreshold { get; init; } = 5;

    /// <summary>Whether a successor that is bad is rolled back without asking anybody.</summary>
    public bool RollbackEnabled { get; init; } = true;

    /// <summary>The version to go back to, where there is no deployment from before.</summary>
    public Guid? RollbackModelId { get; init; }

    /// <summary>Metrics that roll a successor back, as the analysis of a rollout has them.</summary>
    public JsonText? RollbackTriggerConditions { get; init; }

    /// <summary>Where detections are sent beside the database: an array of at most 16 destinations, see docs/destinations.md.</summary>
    public JsonText? OutputDestinations { get; init; }
}

/// <summary>The same with the model version in the body, or a model's name and an alias.</summary>
public sealed record DeployModel : DeployToSite, IValidatableObject
{
    /// <summary>The version; the one that the alias names where it is left out.</summary>
    public Guid? ModelId { get; init; }

    /// <summary>The model's name, for <c>model_alias</c>.</summary>
    [StringLength(255)]
    public string? ModelName { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ModelId is null && (ModelName is null || ModelAlias is null))
        {
            yield return new("Name the version by model_id, or a model by model_name and an alias of it by model_alias.", [nameof(ModelId)]);
        }
    }
}
