using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Metrics;

/// <summary>Which windows; null takes all.</summary>
/// <param name="DeploymentId">Windows of this deployment.</param>
/// <param name="ModelId">Windows of every deployment of this model version.</param>
/// <param name="From">Windows that start at or after this instant.</param>
/// <param name="To">Windows that start before this instant.</param>
public sealed record MetricsFilter(
    Guid? DeploymentId = null, Guid? ModelId = null, DateTimeOffset? From = null, DateTimeOffset? To = null);

/// <summary>Lists of metric windows.</summary>
public sealed class MetricsQueries(IDbContextFactory<FleetContext> contexts)
{
    /// <summary>Windows, latest first; open ones among them.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public async Task<Page<PerformanceMetrics>> ListAsync(
        MetricsFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var ofModel = filter.ModelId is null
            ? null
            : await DatabaseOutage.GuardAsync(() => db.Deployments
                .Where(deployment => deployment.ModelId == filter.ModelId)
                .Select(deployment => deployment.Id)
                .ToArrayAsync(cancellationToken));
        return await contexts.ListAsync<PerformanceMetrics>(
            page,
            rows => rows
                .Where(window => filter.DeploymentId == null || window.DeploymentId == filter.DeploymentId)
                .Where(window => ofModel == null || ofModel.Contains(window.DeploymentId))
                .Where(window => filter.From == null || window.MetricTimestamp >= filter.From)
                .Where(window => filter.To == null || window.MetricTimestamp < filter.To),
            nameof(PerformanceMetrics.MetricTimestamp),
            window => new(window.MetricTimestamp, window.Id),
            cancellationToken);
    }
}
