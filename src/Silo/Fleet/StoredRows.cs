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
using OrleansAiFleet.Silo.Models;
using OrleansAiFleet.Silo.Rollouts;
using OrleansAiFleet.Silo.Rollouts.Experiments;
using OrleansAiFleet.Silo.Rollouts.Waves;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Cameras;
using OrleansAiFleet.Storage.Deployments.Optimization;
using OrleansAiFleet.Storage.Deployments;
using OrleansAiFleet.Storage.Deployments.Scaling;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Metrics;
using OrleansAiFleet.Storage.Rollouts;
using OrleansAiFleet.Storage.Rollouts.Experiments;
using OrleansAiFleet.Storage.Rollouts.Waves;
using OrleansAiFleet.Storage.Sites;

using Stored = OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>The API's lists by the queries of the database.</summary>
internal sealed class StoredRows(
    ModelPages models,
    SiteQueries sites,
    CameraQueries cameras,
    DeploymentQueries deployments,
    RolloutQueries rollouts,
    ExperimentQueries experiments,
    OptimizationQueries optimizations,
    FleetRolloutQueries fleetRollouts,
    MetricsQueries windows,
    DetectionQueries detections,
    ScalingQueries scaling) : IRowReader
{
    public Task<JsonPage> ReadModelsAsync(Models.ModelFilter filter, PageRequest page, CancellationToken cancellationToken) =>
        models.ListAsync(filter, Ask(page), cancellationToken);

    public async Task<Page<Site>> ReadSitesAsync(SiteScope scope, PageRequest page, CancellationToken cancellationToken) =>
        Answer(await sites.ListAsync(scope, Ask(page), cancellationToken));

    public async Task<Page<Camera>> ReadCamerasAsync(
        Guid? siteId, SiteScope scope, PageRequest page, CancellationToken cancellationToken) =>
        Answer(await cameras.ListAsync(new(SiteId: siteId, Scope: scope), Ask(page), cancellationToken));

    public async Task<Page<Deployment>> ReadDeploymentsAsync(
        Deployments.DeploymentFilter filter, SiteScope scope, PageRequest page, CancellationToken cancellationToken) =>
        Answer(await deployments.ListAsync(
            new(SiteId: filter.SiteId, ModelId: filter.ModelId, Status: filter.Status?.Value, Scope: scope), Ask(page), cancellationToken));

    public async Task<Page<Rollout>> ReadRolloutsAsync(
        RolloutListFilter filter, SiteScope scope, PageRequest page, CancellationToken cancellationToken) =>
        Answer(await rollouts.ListAsync(new(filter.SiteId, filter.DeploymentId, filter.IsSettled, scope), Ask(page), cancellationToken));

    public async Task<Page<PerformanceOptimization>> ReadOptimizationsAsync(
        OptimizationListFilter filter, SiteScope scope, PageRequest page, CancellationToken cancellationToken) =>
        Answer(await optimizations.ListAsync(new(filter.SiteId, filter.DeploymentId, filter.IsSettled, scope), Ask(page), cancellationToken));

    public async Task<Page<Experiment>> ReadExperimentsAsync(
        ExperimentListFilter filter, SiteScope scope, PageRequest page, CancellationToken cancellationToken) =>
        Answer(await experiments.ListAsync(new(filter.SiteId, filter.DeploymentId, filter.IsSettled, scope), Ask(page), cancellationToken));

    public async Task<Page<FleetRollout>> ReadFleetRolloutsAsync(
        FleetRolloutListFilter filter, SiteScope scope, PageRequest page, CancellationToken cancellationToken) =>
        Answer(await fleetRollouts.ListAsync(new(filter.ModelId, filter.IsSettled, scope), Ask(page), cancellationToken));

    public async Task<Page<FleetRolloutSite>> ReadFleetRolloutSitesAsync(
        Guid fleetRolloutId, FleetRolloutSiteFilter filter, PageRequest page, CancellationToken cancellationToken) =>
        Answer(await fleetRollouts.ListSitesAsync(fleetRolloutId, filter.State?.Value, Ask(page), cancellationToken));

    public Task<Guid[]> ReadFleetRolloutSiteIdsAsync(Guid fleetRolloutId, CancellationToken cancellationToken) =>
        fleetRollouts.ReadSiteIdsAsync(fleetRolloutId, cancellationToken);

    public Task<IReadOnlyList<ScalingDecision>> ReadScalingDecisionsAsync(Guid deploymentId, int limit, CancellationToken cancellationToken) =>
        scaling.ReadAsync(deploymentId, limit, cancellationToken);

    public async Task<Page<PerformanceMetrics>> ReadWindowsAsync(
        Guid deploymentId, Metrics.MetricsFilter filter, PageRequest page, CancellationToken cancellationToken) =>
        Answer(await windows.ListAsync(
            new(DeploymentId: deploymentId, From: filter.From, To: filter.To), Ask(page), cancellationToken));

    public async Task<Page<Detection>> ReadDetectionsAsync(
        Guid cameraId, Detections.DetectionFilter filter, PageRequest page, CancellationToken cancellationToken) =>
        Answer(await detections.ListAsync(
            new(
                CameraId: cameraId,
                DeploymentId: filter.DeploymentId,
                ClassName: filter.ClassName,
                MinimumConfidence: filter.MinConfidence,
                From: filter.From,
                To: filter.To,
                IsShadow: filter.Shadow is true),
            Ask(page),
            cancellationToken));

    private static Stored.PageRequest Ask(PageRequest page) => new(page.Rows, page.Cursor);

    private static Page<T> Answer<T>(Stored.Page<T> page) => new(page.Items, page.NextCursor);
}
