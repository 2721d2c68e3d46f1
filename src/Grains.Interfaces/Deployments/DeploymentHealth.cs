using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Deployments;

/// <summary>How one deployment does, with reasons.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.DeploymentHealth")]
public sealed record DeploymentHealth
{
    [Id(0)]
    public required Guid DeploymentId { get; init; }

    [Id(1)]
    public required string DeploymentName { get; init; }

    [Id(2)]
    public DeploymentStatus DeploymentStatus { get; init; }

    [Id(3)]
    public HealthLevel Status { get; init; }

    /// <summary>One sentence for each thing that is not well, or that it waits for; empty while it works and all is well.</summary>
    [Id(4)]
    public string[] Reasons { get; init; } = [];

    /// <summary>Cameras that it should look at.</summary>
    [Id(5)]
    public int Cameras { get; init; }

    /// <summary>Those of them that run and have its model, or that its rollout has given to the other version.</summary>
    [Id(6)]
    public int CamerasServed { get; init; }

    /// <summary>Percent of the frames of the last window that ended in an error; null: none was measured lately.</summary>
    [Id(7)]
    public decimal? ErrorRatePercentage { get; init; }

    /// <summary>From a frame's arrival to its detections in the last window, in milliseconds; null: none was measured lately.</summary>
    [Id(8)]
    public decimal? LatencyP95Ms { get; init; }

    [Id(9)]
    public DateTimeOffset CheckedAt { get; init; }
}

/// <summary>How one site does, with reasons.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.SiteHealth")]
public sealed record SiteHealth
{
    [Id(0)]
    public required Guid SiteId { get; init; }

    /// <summary>The worst of its deployments.</summary>
    [Id(1)]
    public HealthLevel Status { get; init; }

    [Id(2)]
    public string[] Reasons { get; init; } = [];

    /// <summary>The maintenance that it is under, its own or the fleet's; null: none.</summary>
    [Id(3)]
    public MaintenanceMode? Maintenance { get; init; }

    /// <summary>Those that were not terminated, by name.</summary>
    [Id(4)]
    public DeploymentHealth[] Deployments { get; init; } = [];

    [Id(5)]
    public DateTimeOffset CheckedAt { get; init; }
}

/// <summary>Reads what the health of deployments rests on beside their cameras.</summary>
public interface IDeploymentFactsReader
{
    /// <summary>Deployments of a site that were not terminated, or one whatever its status.</summary>
    /// <param name="siteId">Of this site; null: of any.</param>
    /// <param name="deploymentId">This one; null: all.</param>
    /// <param name="since">Windows that began before do not count.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FleetRefusedException">The database is away.</exception>
    Task<IReadOnlyList<DeploymentFacts>> ReadFactsAsync(
        Guid? siteId, Guid? deploymentId, DateTimeOffset since, CancellationToken cancellationToken);
}

/// <summary>What rows say of one deployment.</summary>
/// <param name="Deployment">Its row.</param>
/// <param name="Window">Its latest window of metrics; null: none lately.</param>
/// <param name="Rollout">The rollout that it is in; null: none.</param>
/// <param name="Scaling">What the scheduler decided for it last; null: it was never placed.</param>
public sealed record DeploymentFacts(Deployment Deployment, PerformanceMetrics? Window, Rollout? Rollout, ScalingState? Scaling = null);
