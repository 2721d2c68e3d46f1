using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Rollouts.Waves;

/// <summary>Reads for fleet rollouts, each with a fixed number of statements however many sites there are.</summary>
internal sealed class FleetRolloutReader(IDbContextFactory<FleetContext> contexts, NpgsqlDataSource database) : IFleetRolloutReader
{
    // As many as anybody can look after at once.
    private const int MostOpen = 10_000;

    private const string TargetsSql = """
        SELECT
            site.id,
            rollout.progress ->> 'phase',
            coalesce(rollout.is_settled, FALSE),
            rollout.progress ->> 'reason',
            deployment.deployment_status,
            deployment.model_id
        FROM fleet_rollout_sites AS site
        LEFT JOIN rollouts AS rollout ON rollout.id = site.target_id AND site.way = 'rollout'
        LEFT JOIN model_deployments AS deployment ON deployment.id = site.target_id
        WHERE site.fleet_rollout_id = $1
            AND site.state IN ('starting', 'moving', 'returning')
        """;

    private static readonly DeploymentStatus[] Over = [DeploymentStatus.Failed, DeploymentStatus.Terminated];

    public Task<IReadOnlyList<Guid>> ReadOpenAsync(CancellationToken cancellationToken) =>
        contexts.ReadOpenAsync<FleetRollout>(MostOpen, cancellationToken);

    public Task<IReadOnlyList<SiteFacts>> ReadSitesAsync(
        string modelName, Guid[]? siteIds, SiteChoice choice, string? cameraNameContains, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync<IReadOnlyList<SiteFacts>>(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var sites = await Chosen(db, modelName, siteIds, choice).OrderBy(site => site.Name).ThenBy(site => site.Id).ToListAsync(cancellationToken);
            Guid[] ids = [.. sites.Select(site => site.Id)];
            var cameras = await db.Cameras.AsNoTracking().Where(camera => ids.Contains(camera.SiteId) && camera.Enabled).OrderBy(camera => camera.Id)
                .Select(camera => new
                {
                    camera.SiteId,
                    camera.Id,
                    IsChosen = cameraNameContains == null || EF.Functions.ILike(camera.Name, Pattern(cameraNameContains), "\\"),
                })
                .ToListAsync(cancellationToken);
            var deployments = await PresentAsync(db, modelName, ids, cancellationToken);
            var busy = await db.FleetRolloutSites.AsNoTracking().Where(site => ids.Contains(site.SiteId))
                .Join(Open(db, modelName), site => site.FleetRolloutId, id => id, (site, id) => new { site.SiteId, Id = id })
                .ToListAsync(cancellationToken);
            var (camerasOf, deploymentsOf) = (cameras.ToLookup(camera => camera.SiteId), deployments.ToLookup(pair => pair.SiteId, pair => pair.There));
            var busyOf = busy.ToLookup(site => site.SiteId, site => (Guid?)site.Id);
            return
            [
                .. sites.Select(site => new SiteFacts
                {
                    Hours = new(site.Id, site.TimeZone, site.MaintenanceWindows),
                    Name = site.Name,
                    CountryCode = site.CountryCode,
                    Cameras = [.. camerasOf[site.Id].Where(camera => camera.IsChosen).Select(camera => camera.Id)],
                    AllCameras = camerasOf[site.Id].Count(),
                    Deployments = [.. deploymentsOf[site.Id]],
                    FleetRolloutId = busyOf[site.Id].FirstOrDefault(),
                }),
            ];
        });

    public Task<IReadOnlyList<SiteSeen>> ReadTargetsAsync(Guid fleetRolloutId, CancellationToken cancellationToken) => database.ReadAllAsync(
        TargetsSql,
        [new() { Value = fleetRolloutId }],
        row => new SiteSeen(
            row.GetGuid(0),
            row.IsDBNull(1) ? null : Enum.Parse<RolloutPhase>(row.GetString(1).Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
            row.GetBoolean(2),
            row.IsDBNull(3) ? null : row.GetString(3),
            row.IsDBNull(4) ? null : row.GetFieldValue<DeploymentStatus>(4),
            row.IsDBNull(5) ? null : row.GetGuid(5)),
        cancellationToken);

    public Task<IReadOnlyList<SiteHours>> ReadHoursAsync(Guid[] siteIds, CancellationToken cancellationToken) => ReadAsync<SiteHours>(
        db => db.Sites.Where(site => siteIds.Contains(site.Id)).Select(site => new SiteHours(site.Id, site.TimeZone, site.MaintenanceWindows)),
        cancellationToken);

    private static IQueryable<Site> Chosen(FleetContext db, string modelName, Guid[]? siteIds, SiteChoice choice)
    {
        var sites = db.Sites.AsNoTracking();
        if (siteIds is not null)
        {
            return sites.Where(site => siteIds.Contains(site.Id));
        }

        var part = choice.NameContains is null ? null : Pattern(choice.NameContains);
        var with = db.Deployments.Where(deployment => !Over.Contains(deployment.DeploymentStatus))
            .Join(db.Models.Where(model => model.Name == modelName), deployment => deployment.ModelId, model => model.Id, (deployment, _) => deployment.SiteId);
        return sites
            .Where(site => choice.CountryCode == null || site.CountryCode == choice.CountryCode)
            .Where(site => part == null || EF.Functions.ILike(site.Name, part, "\\"))
            .Where(site => choice.HasModel == null || with.Contains(site.Id) == choice.HasModel);
    }

    private static async Task<IReadOnlyList<(Guid SiteId, PresentDeployment There)>> PresentAsync(
        FleetContext db, string modelName, Guid[] siteIds, CancellationToken cancellationToken)
    {
        var found = await db.Deployments.AsNoTracking()
            .Where(deployment => siteIds.Contains(deployment.SiteId) && !Over.Contains(deployment.DeploymentStatus))
            .Join(db.Models.Where(model => model.Name == modelName), deployment => deployment.ModelId, model => model.Id, (deployment, _) => deployment)
            .OrderBy(deployment => deployment.Id)
            .Select(deployment => new
            {
                deployment.SiteId,
                deployment.Id,
                deployment.ModelId,
                deployment.DeploymentStatus,
                deployment.DeploymentType,
                deployment.ModelAlias,
                RolloutId = db.Rollouts
                    .Where(rollout => !rollout.IsSettled && (rollout.Id == deployment.Id || rollout.StableDeploymentId == deployment.Id))
                    .Select(rollout => (Guid?)rollout.Id).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        return
        [
            .. found.Select(row => (
                row.SiteId,
                new PresentDeployment(row.Id, row.ModelId, row.DeploymentStatus, row.DeploymentType, row.ModelAlias, row.RolloutId))),
        ];
    }

    private static IQueryable<Guid> Open(FleetContext db, string modelName) => db.FleetRollouts
        .Where(rollout => !rollout.IsSettled)
        .Join(db.Models.Where(model => model.Name == modelName), rollout => rollout.ModelId, model => model.Id, (rollout, _) => rollout.Id);

    private static string Pattern(string part) =>
        $"%{part.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";

    private Task<IReadOnlyList<T>> ReadAsync<T>(Func<FleetContext, IQueryable<T>> query, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync<IReadOnlyList<T>>(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await query(db).ToListAsync(cancellationToken);
        });
}
