using OrleansAiFleet.Access;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Silo.Deployments.Optimization;
using OrleansAiFleet.Silo.Deployments;
using OrleansAiFleet.Silo.Detections;
using OrleansAiFleet.Silo.Metrics;
using OrleansAiFleet.Silo.Models;
using OrleansAiFleet.Silo.Rollouts;
using OrleansAiFleet.Silo.Rollouts.Experiments;
using OrleansAiFleet.Silo.Rollouts.Waves;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>
/// The lists of the API, read from the customer's tables without waking a grain. Newest first, keyset pages; of sites
/// within the scope alone.
/// </summary>
internal interface IRowReader
{
    /// <summary>Model versions without the reports of their validation, as JSON already.</summary>
    Task<JsonPage> ReadModelsAsync(ModelFilter filter, PageRequest page, CancellationToken cancellationToken);

    Task<Page<Site>> ReadSitesAsync(SiteScope scope, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Cameras, of one site where it is given, with their credentials left out.</summary>
    Task<Page<Camera>> ReadCamerasAsync(Guid? siteId, SiteScope scope, PageRequest page, CancellationToken cancellationToken);

    Task<Page<Deployment>> ReadDeploymentsAsync(
        DeploymentFilter filter, SiteScope scope, PageRequest page, CancellationToken cancellationToken);

    Task<Page<Rollout>> ReadRolloutsAsync(
        RolloutListFilter filter, SiteScope scope, PageRequest page, CancellationToken cancellationToken);

    Task<Page<PerformanceOptimization>> ReadOptimizationsAsync(
        OptimizationListFilter filter, SiteScope scope, PageRequest page, CancellationToken cancellationToken);

    Task<Page<Experiment>> ReadExperimentsAsync(
        ExperimentListFilter filter, SiteScope scope, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Fleet rollouts all of whose sites are within the scope.</summary>
    Task<Page<FleetRollout>> ReadFleetRolloutsAsync(
        FleetRolloutListFilter filter, SiteScope scope, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Sites of a fleet rollout in the order in which they begin.</summary>
    Task<Page<FleetRolloutSite>> ReadFleetRolloutSitesAsync(
        Guid fleetRolloutId, FleetRolloutSiteFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>All sites of a fleet rollout; none where there is no such fleet rollout.</summary>
    Task<Guid[]> ReadFleetRolloutSiteIdsAsync(Guid fleetRolloutId, CancellationToken cancellationToken);

    /// <summary>The last decisions about a deployment's instances, newest first.</summary>
    Task<IReadOnlyList<ScalingDecision>> ReadScalingDecisionsAsync(Guid deploymentId, int limit, CancellationToken cancellationToken);

    /// <summary>Five-minute windows of one deployment.</summary>
    Task<Page<PerformanceMetrics>> ReadWindowsAsync(
        Guid deploymentId, MetricsFilter filter, PageRequest page, CancellationToken cancellationToken);

    Task<Page<Detection>> ReadDetectionsAsync(
        Guid cameraId, DetectionFilter filter, PageRequest page, CancellationToken cancellationToken);
}
