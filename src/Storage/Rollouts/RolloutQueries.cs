using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Access;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Rollouts;

/// <summary>Which rollouts; null takes all.</summary>
/// <param name="SiteId">Of one site.</param>
/// <param name="DeploymentId">That have this deployment on either side.</param>
/// <param name="IsSettled">Those that are over, or those that are not.</param>
/// <param name="Scope">Of sites within it.</param>
public sealed record RolloutFilter(Guid? SiteId = null, Guid? DeploymentId = null, bool? IsSettled = null, SiteScope? Scope = null);

/// <summary>Lists of rollouts.</summary>
public sealed class RolloutQueries(IDbContextFactory<FleetContext> contexts) : IRolloutReader
{
    // As many as anybody can look after at once.
    private const int MostOpen = 100_000;

    // A version a day for three years; whoever calls an address as old as that is told so.
    private const int MostSuccessors = 1000;

    /// <summary>Rollouts, newest first.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public Task<Page<Rollout>> ListAsync(RolloutFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var among = filter.Scope?.ToArray();
        return contexts.ListAsync<Rollout>(
            page,
            rows => rows
                .Where(rollout => among == null || among.Contains(rollout.SiteId))
                .Where(rollout => filter.SiteId == null || rollout.SiteId == filter.SiteId)
                .Where(rollout => filter.DeploymentId == null
                    || rollout.Id == filter.DeploymentId || rollout.StableDeploymentId == filter.DeploymentId)
                .Where(rollout => filter.IsSettled == null || rollout.IsSettled == filter.IsSettled),
            nameof(Rollout.CreatedAt),
            rollout => new(rollout.CreatedAt, rollout.Id),
            cancellationToken);
    }

    public Task<IReadOnlyList<Guid>> ReadOpenAsync(CancellationToken cancellationToken) =>
        contexts.ReadOpenAsync<Rollout>(MostOpen, cancellationToken);

    public Task<Guid?> FindOpenAsync(Guid deploymentId, CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Rollouts.AsNoTracking()
            .Where(rollout => !rollout.IsSettled && (rollout.Id == deploymentId || rollout.StableDeploymentId == deploymentId))
            .Select(rollout => (Guid?)rollout.Id)
            .FirstOrDefaultAsync(cancellationToken);
    });

    public Task<Guid?> FindSuccessorAsync(Guid deploymentId, CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        Guid? successor = null;
        for (var hop = 0; hop < MostSuccessors; hop++)
        {
            // The last of its rollouts: one that was promoted ended it.
            var from = successor ?? deploymentId;
            var last = await db.Rollouts.AsNoTracking()
                .Where(rollout => rollout.StableDeploymentId == from && rollout.IsSettled)
                .OrderByDescending(rollout => rollout.CreatedAt).ThenByDescending(rollout => rollout.Id)
                .Select(rollout => new { rollout.Id, rollout.Progress })
                .FirstOrDefaultAsync(cancellationToken);
            if (last?.Progress.Phase != RolloutPhase.Succeeded)
            {
                break;
            }

            successor = last.Id;
        }

        return successor;
    });

    public Task<RolloutCamera[]> ReadCamerasAsync(
        Guid siteId, Guid[]? among, CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Cameras.AsNoTracking()
            .Where(camera => camera.SiteId == siteId && camera.Enabled && (among == null || among.Contains(camera.Id)))
            .OrderBy(camera => camera.Id)
            .Select(camera => new RolloutCamera(camera.Id, camera.Scene))
            .ToArrayAsync(cancellationToken);
    });
}
