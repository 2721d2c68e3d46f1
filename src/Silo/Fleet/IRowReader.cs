using OrleansAiFleet.Access;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Silo.Deployments;
using OrleansAiFleet.Silo.Detections;
using OrleansAiFleet.Silo.Metrics;
using OrleansAiFleet.Silo.Models;
using OrleansAiFleet.Silo.Rollouts;
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

    /// <summary>Five-minute windows of one deployment.</summary>
    Task<Page<PerformanceMetrics>> ReadWindowsAsync(
        Guid deploymentId, MetricsFilter filter, PageRequest page, CancellationToken cancellationToken);

    Task<Page<Detection>> ReadDetectionsAsync(
        Guid cameraId, DetectionFilter filter, PageRequest page, CancellationToken cancellationToken);
}
