using System.Text.Json;
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
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Silo.Deployments.Optimization;
using OrleansAiFleet.Silo.Deployments;
using OrleansAiFleet.Silo.Detections;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Silo.Metrics;
using OrleansAiFleet.Silo.Models;
using OrleansAiFleet.Silo.Rollouts;
using OrleansAiFleet.Silo.Rollouts.Experiments;
using OrleansAiFleet.Silo.Rollouts.Waves;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Silo.Tests.Fleet;

/// <summary>Lists over the rows of a test; remembers what it was asked last.</summary>
internal sealed class RowsReader(Rows rows) : IRowReader
{
    public object? LastFilter { get; private set; }

    public PageRequest? LastPage { get; private set; }

    public async Task<JsonPage> ReadModelsAsync(ModelFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var answer = await Answer(filter, page, rows.Models.Values);
        return new([.. answer.Items.Select(model => JsonSerializer.SerializeToUtf8Bytes(model, FleetJson.Options))], answer.NextCursor);
    }

    public Task<Page<Site>> ReadSitesAsync(SiteScope scope, PageRequest page, CancellationToken cancellationToken) =>
        page.Cursor == "database is away"
            ? throw new Npgsql.NpgsqlException("secret internals", new IOException("Connection refused"))
            : Answer(null, page, rows.Sites.Values);

    public Task<Page<Camera>> ReadCamerasAsync(
        Guid? siteId, SiteScope scope, PageRequest page, CancellationToken cancellationToken) =>
        Answer(siteId, page, rows.Cameras.Values);

    public Task<Page<Deployment>> ReadDeploymentsAsync(
        DeploymentFilter filter, SiteScope scope, PageRequest page, CancellationToken cancellationToken) =>
        Answer(filter, page, rows.Deployments.Values);

    public Task<Page<Rollout>> ReadRolloutsAsync(
        RolloutListFilter filter, SiteScope scope, PageRequest page, CancellationToken cancellationToken) =>
        Answer<Rollout>(filter, page, []);

    public Task<Page<PerformanceOptimization>> ReadOptimizationsAsync(
        OptimizationListFilter filter, SiteScope scope, PageRequest page, CancellationToken cancellationToken) =>
        Answer<PerformanceOptimization>(filter, page, []);

    public Task<Page<Experiment>> ReadExperimentsAsync(
        ExperimentListFilter filter, SiteScope scope, PageRequest page, CancellationToken cancellationToken) =>
        Answer<Experiment>(filter, page, []);

    public Task<Page<FleetRollout>> ReadFleetRolloutsAsync(
        FleetRolloutListFilter filter, SiteScope scope, PageRequest page, CancellationToken cancellationToken) =>
        Answer<FleetRollout>(filter, page, []);

    public Task<Page<FleetRolloutSite>> ReadFleetRolloutSitesAsync(
        Guid fleetRolloutId, FleetRolloutSiteFilter filter, PageRequest page, CancellationToken cancellationToken) =>
        Answer<FleetRolloutSite>(filter, page, []);

    public Task<Guid[]> ReadFleetRolloutSiteIdsAsync(Guid fleetRolloutId, CancellationToken cancellationToken) => Task.FromResult<Guid[]>([]);

    public Task<IReadOnlyList<ScalingDecision>> ReadScalingDecisionsAsync(Guid deploymentId, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ScalingDecision>>([.. rows.ScalingDecisions.GetValueOrDefault(deploymentId, []).Take(limit)]);

    public Task<Page<PerformanceMetrics>> ReadWindowsAsync(
        Guid deploymentId, MetricsFilter filter, PageRequest page, CancellationToken cancellationToken) =>
        Answer<PerformanceMetrics>(filter, page, [new() { DeploymentId = deploymentId }]);

    public Task<Page<Detection>> ReadDetectionsAsync(
        Guid cameraId, DetectionFilter filter, PageRequest page, CancellationToken cancellationToken) =>
        Answer<Detection>(filter, page, []);

    private Task<Page<T>> Answer<T>(object? filter, PageRequest page, IEnumerable<T> items)
    {
        LastFilter = filter;
        LastPage = page;
        return Task.FromResult(new Page<T>([.. items.Take(page.Rows)], "next"));
    }
}
