using OrleansAiFleet.Deployments;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>
/// What every site gets. A site with a deployment of the model is brought to the version by steps, or at once where there are none; a
/// site without gets a new deployment.
/// </summary>
[GenerateSerializer, Immutable, Alias("Fleet.SiteTemplate")]
public sealed record SiteTemplate
{
    /// <summary>Steps of each site's rollout; empty: its deployment takes the version up at once.</summary>
    [Id(0)]
    public RolloutStep[] Steps { get; init; } = [];

    /// <summary>As <see cref="Rollout.PromotesItself"/>.</summary>
    [Id(1)]
    public bool PromotesItself { get; init; } = true;

    /// <summary>As <see cref="Rollout.ProgressDeadlineSeconds"/>.</summary>
    [Id(2)]
    public int ProgressDeadlineSeconds { get; init; } = 600;

    /// <summary>As <see cref="Rollout.KeepsWarmSeconds"/>.</summary>
    [Id(3)]
    public int KeepsWarmSeconds { get; init; } = 30;

    /// <summary>New deployments: name; null: the model's.</summary>
    [Id(4)]
    public string? DeploymentName { get; init; }

    /// <summary>New deployments: only cameras whose name has this in it, in whatever case; null: all of the site, also later ones.</summary>
    [Id(5)]
    public string? CameraNameContains { get; init; }

    /// <summary>New deployments: lowest confidence stored, 0 to 1; null: the model's own.</summary>
    [Id(6)]
    public decimal? ConfidenceThreshold { get; init; }

    /// <summary>New deployments: largest batch; null: the model's best.</summary>
    [Id(7)]
    public int? BatchSize { get; init; }

    [Id(8)]
    public DeploymentType DeploymentType { get; init; } = DeploymentType.Production;

    [Id(9)]
    public PriorityLevel PriorityLevel { get; init; } = PriorityLevel.Medium;

    /// <summary>New deployments: longest that a frame may wait and run, in seconds.</summary>
    [Id(10)]
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>As <see cref="Rollout.Analysis"/>; only with <see cref="Steps"/>.</summary>
    [Id(11)]
    public AnalysisMetric[] Analysis { get; init; } = [];
}
