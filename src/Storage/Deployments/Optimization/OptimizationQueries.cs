using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Access;
using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Deployments.Optimization;

/// <summary>Which searches; null takes all.</summary>
/// <param name="SiteId">Of one site.</param>
/// <param name="DeploymentId">Of one deployment.</param>
/// <param name="IsSettled">Those that are over, or those that are not.</param>
/// <param name="Scope">Of sites within it.</param>
public sealed record OptimizationFilter(Guid? SiteId = null, Guid? DeploymentId = null, bool? IsSettled = null, SiteScope? Scope = null);

/// <summary>Lists of searches for better settings.</summary>
public sealed class OptimizationQueries(IDbContextFactory<FleetContext> contexts) : IOptimizationReader
{
    // As many as anybody can look after at once.
    private const int MostOpen = 10_000;

    /// <summary>Searches, newest first.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public Task<Page<PerformanceOptimization>> ListAsync(OptimizationFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var among = filter.Scope?.ToArray();
        return contexts.ListAsync<PerformanceOptimization>(
            page,
            rows => rows
                .Where(search => among == null || among.Contains(search.SiteId))
                .Where(search => filter.SiteId == null || search.SiteId == filter.SiteId)
                .Where(search => filter.DeploymentId == null || search.DeploymentId == filter.DeploymentId)
                .Where(search => filter.IsSettled == null || search.IsSettled == filter.IsSettled),
            nameof(PerformanceOptimization.CreatedAt),
            search => new(search.CreatedAt, search.Id),
            cancellationToken);
    }

    public Task<IReadOnlyList<Guid>> ReadOpenAsync(CancellationToken cancellationToken) =>
        contexts.ReadOpenAsync<PerformanceOptimization>(MostOpen, cancellationToken);

    public Task<Guid?> FindOpenAsync(Guid deploymentId, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync<Guid?>(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await db.Optimizations.AsNoTracking().Where(search => search.DeploymentId == deploymentId && !search.IsSettled)
                .Select(search => (Guid?)search.Id).FirstOrDefaultAsync(cancellationToken);
        });
}
