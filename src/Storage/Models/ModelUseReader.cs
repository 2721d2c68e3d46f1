using Npgsql;
using NpgsqlTypes;
using OrleansAiFleet.Models;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Reads where model versions are at work, and who follows an alias, out of the deployments' rows.</summary>
internal sealed class ModelUseReader(NpgsqlDataSource database) : IModelUseReader, IAliasFollowerReader
{
    private const string UsesSql = """
        SELECT
            deployment.id,
            deployment.deployment_name,
            site.id,
            site.name,
            deployment.deployment_status IN ('pending', 'deploying', 'active', 'paused') AS is_live,
            deployment.model_id <> $1 AS is_rollback
        FROM model_deployments AS deployment
        JOIN sites AS site ON site.id = deployment.site_id
        WHERE deployment.model_id = $1 OR deployment.rollback_model_id = $1
        ORDER BY is_live DESC, is_rollback, site.name, deployment.deployment_name, deployment.id
        LIMIT 1000
        """;

    private const string SeatsSql = "SELECT license_seats_taken($1, $2, $3, $4::JSONB)";

    private const string BehindSql = """
        SELECT deployment.id, deployment.deployment_name, COALESCE(of_site.model_id, of_fleet.model_id)
        FROM model_deployments AS deployment
        JOIN ai_models AS model ON model.id = deployment.model_id
        LEFT JOIN model_aliases AS of_site
            ON of_site.name = model.name AND of_site.alias = deployment.model_alias AND of_site.site_id = deployment.site_id
        LEFT JOIN model_aliases AS of_fleet
            ON of_fleet.name = model.name AND of_fleet.alias = deployment.model_alias AND of_fleet.site_id IS NULL
        WHERE deployment.model_alias IS NOT NULL
            AND deployment.deployment_status IN ('pending', 'deploying', 'active', 'paused')
            AND COALESCE(of_site.model_id, of_fleet.model_id) <> deployment.model_id
            AND NOT EXISTS (
                SELECT 1
                FROM rollouts AS rollout
                WHERE NOT rollout.is_settled AND deployment.id IN (rollout.id, rollout.stable_deployment_id)
            )
            AND NOT EXISTS (
                SELECT 1
                FROM maintenance_modes AS mode
                WHERE mode.is_enabled
                    AND (mode.ends_at IS NULL OR mode.ends_at > CURRENT_TIMESTAMP)
                    AND mode.id IN (deployment.site_id, $2)
            )
            AND ($1::TEXT IS NULL OR model.name = $1)
        ORDER BY deployment.id
        """;

    private const string ProductionSql = """
        SELECT deployment.deployment_name
        FROM model_deployments AS deployment
        JOIN ai_models AS model ON model.id = deployment.model_id
        WHERE model.name = $1
            AND deployment.model_alias = $3
            AND deployment.deployment_status IN ('pending', 'deploying', 'active', 'paused')
            AND deployment.deployment_type NOT IN ('staging', 'testing')
            AND CASE
                WHEN $2::UUID IS NOT NULL THEN deployment.site_id = $2
                ELSE NOT EXISTS (
                    SELECT 1
                    FROM model_aliases AS of_site
                    WHERE of_site.name = $1 AND of_site.alias = $3 AND of_site.site_id = deployment.site_id
                )
            END
        ORDER BY deployment.deployment_name
        LIMIT 10
        """;

    public Task<IReadOnlyList<ModelUse>> ReadAsync(Guid modelId, CancellationToken cancellationToken) => database.ReadAllAsync(
        UsesSql,
        [new() { Value = modelId }],
        row => new ModelUse(
            row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetString(3), row.GetBoolean(4), row.GetBoolean(5)),
        cancellationToken);

    public async Task<int> CountSeatsAsync(
        string name, Guid deploymentId, Guid siteId, Guid[]? cameras, CancellationToken cancellationToken)
    {
        var sources = cameras is null ? null : System.Text.Json.JsonSerializer.Serialize(cameras);
        var counted = await database.ReadAllAsync(
            SeatsSql,
            [new() { Value = name }, new() { Value = deploymentId }, new() { Value = siteId }, Text(sources)],
            row => row.GetInt32(0),
            cancellationToken);
        return counted[0];
    }

    public Task<IReadOnlyList<AliasFollower>> ReadBehindAsync(string? name, CancellationToken cancellationToken) => database.ReadAllAsync(
        BehindSql,
        [Text(name), new() { Value = MaintenanceMode.WholeFleet }],
        row => new AliasFollower(row.GetGuid(0), row.GetString(1), row.GetGuid(2)),
        cancellationToken);

    public Task<IReadOnlyList<string>> ReadInProductionAsync(
        string name, Guid? siteId, string alias, CancellationToken cancellationToken) => database.ReadAllAsync(
        ProductionSql,
        [new() { Value = name }, Reading.Nullable(siteId, NpgsqlDbType.Uuid), new() { Value = alias }],
        row => row.GetString(0),
        cancellationToken);

    private static NpgsqlParameter Text(string? text) => Reading.Nullable(text, NpgsqlDbType.Text);
}
