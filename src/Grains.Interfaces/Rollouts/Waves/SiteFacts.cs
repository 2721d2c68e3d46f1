using OrleansAiFleet.Deployments;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>What there is on a site, as far as one model is concerned.</summary>
public sealed record SiteFacts
{
    public required SiteHours Hours { get; init; }

    public required string Name { get; init; }

    public string? CountryCode { get; init; }

    /// <summary>Enabled ones that pass the filter, by id.</summary>
    public Guid[] Cameras { get; init; } = [];

    /// <summary>How many are enabled, whatever the filter.</summary>
    public int AllCameras { get; init; }

    /// <summary>Deployments of the model that are not over.</summary>
    public PresentDeployment[] Deployments { get; init; } = [];

    /// <summary>A fleet rollout of the same model that is not settled, or null.</summary>
    public Guid? FleetRolloutId { get; init; }
}

/// <summary>A deployment that is on a site.</summary>
/// <param name="Id">Which.</param>
/// <param name="ModelId">The version that it runs.</param>
/// <param name="Status">How it is.</param>
/// <param name="Type">What it is for.</param>
/// <param name="Alias">The alias that it follows, or null.</param>
/// <param name="RolloutId">A rollout that has it on either side and is not settled, or null.</param>
public sealed record PresentDeployment(Guid Id, Guid ModelId, DeploymentStatus Status, DeploymentType Type, string? Alias, Guid? RolloutId);

/// <summary>When a site may be changed.</summary>
/// <param name="SiteId">Which.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Windows">In that zone.</param>
public sealed record SiteHours(Guid SiteId, string TimeZone, MaintenanceWindow[] Windows);

/// <summary>How the target of a site does.</summary>
/// <param name="Id">The site's row in the fleet rollout.</param>
/// <param name="Phase">Of its rollout; null: there is none.</param>
/// <param name="IsSettled">Of its rollout.</param>
/// <param name="Why">Of its rollout.</param>
/// <param name="Status">Of the deployment that is or was the target; null: there is none.</param>
/// <param name="ModelId">The version that this deployment has.</param>
public sealed record SiteSeen(Guid Id, RolloutPhase? Phase, bool IsSettled, string? Why, DeploymentStatus? Status, Guid? ModelId);
