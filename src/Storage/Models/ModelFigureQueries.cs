using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using OrleansAiFleet.Access;
using OrleansAiFleet.Evaluations;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>What was measured of model versions, by evaluations and at work, and who uses them under which licence.</summary>
public sealed class ModelFigureQueries(NpgsqlDataSource database, IDbContextFactory<FleetContext> contexts)
{
    private const string LiveSql = """
        SELECT
            period.model_id,
            COUNT(DISTINCT period.deployment_id)::INTEGER,
            COUNT(DISTINCT period.site_id)::INTEGER,
            COUNT(*),
            SUM(metrics.frames_decoded)::BIGINT,
            SUM(metrics.frames_inferred)::BIGINT,
            SUM(metrics.total_detections)::BIGINT,
            SUM(metrics.total_errors)::BIGINT,
            SUM(metrics.inference_time_avg_ms * metrics.frames_inferred)
                / NULLIF(SUM(metrics.frames_inferred) FILTER (WHERE metrics.inference_time_avg_ms IS NOT NULL), 0),
            SUM(metrics.latency_p95_ms * metrics.frames_inferred)
                / NULLIF(SUM(metrics.frames_inferred) FILTER (WHERE metrics.latency_p95_ms IS NOT NULL), 0),
            SUM(metrics.frames_inferred) / NULLIF(SUM(metrics.collection_period_minutes) * 60.0, 0),
            SUM(metrics.confidence_score_avg * metrics.total_detections)
                / NULLIF(SUM(metrics.total_detections) FILTER (WHERE metrics.confidence_score_avg IS NOT NULL), 0),
            SUM(metrics.total_detections)::NUMERIC / NULLIF(SUM(metrics.frames_inferred), 0),
            SUM(metrics.total_errors) * 100.0 / NULLIF(SUM(metrics.frames_decoded), 0),
            AVG(metrics.cpu_utilization_avg), MAX(metrics.cpu_utilization_max),
            AVG(metrics.gpu_utilization_avg), MAX(metrics.gpu_utilization_max),
            AVG(metrics.memory_usage_avg_gb), MAX(metrics.memory_usage_max_gb),
            AVG(metrics.gpu_memory_usage_avg_gb), MAX(metrics.gpu_memory_usage_max_gb),
            SUM(metrics.inference_time_avg_ms * metrics.frames_inferred) / 1000
        FROM model_performance_metrics AS metrics
        CROSS JOIN LATERAL (
            SELECT metrics.metric_timestamp + make_interval(mins => metrics.collection_period_minutes) AS ends_at
        ) AS whole
        JOIN deployment_periods AS period
            ON period.deployment_id = metrics.deployment_id
            AND period.live_from < whole.ends_at
            AND (period.live_until IS NULL OR period.live_until > metrics.metric_timestamp)
        WHERE metrics.metric_timestamp >= $3
            AND metrics.metric_timestamp < $4
            AND ($1::UUID[] IS NULL OR period.model_id = ANY ($1))
            AND ($2::UUID[] IS NULL OR period.site_id = ANY ($2))
            AND NOT EXISTS (
                SELECT 1
                FROM deployment_periods AS other
                WHERE other.deployment_id = metrics.deployment_id
                    AND other.id <> period.id
                    AND other.live_from < whole.ends_at
                    AND (other.live_until IS NULL OR other.live_until > metrics.metric_timestamp)
                    AND (other.model_id <> period.model_id OR other.id > period.id)
            )
        GROUP BY period.model_id
        """;

    private const string LicenseSql = """
        SELECT
            model.id, model.name, model.version, model.license_type, model.license_expires_at, model.license_seats,
            model.export_restrictions, site.id, site.name, site.country_code, deployment.id, deployment.deployment_name,
            (
                SELECT MIN(period.live_from)
                FROM deployment_periods AS period
                WHERE period.deployment_id = deployment.id
                    AND period.model_id = deployment.model_id
                    AND NOT EXISTS (
                        SELECT 1
                        FROM deployment_periods AS other
                        WHERE other.deployment_id = period.deployment_id
                            AND other.model_id <> period.model_id
                            AND other.live_from > period.live_from
                    )
            ),
            (
                SELECT COUNT(*)::INTEGER
                FROM cameras AS camera
                WHERE camera.site_id = deployment.site_id
                    AND (deployment.input_sources IS NULL OR deployment.input_sources ? camera.id::TEXT)
            ),
            deployment.license_override
        FROM model_deployments AS deployment
        JOIN ai_models AS model ON model.id = deployment.model_id
        JOIN sites AS site ON site.id = deployment.site_id
        WHERE deployment.deployment_status IN ('pending', 'deploying', 'active', 'paused')
            AND ($1::UUID IS NULL OR model.id = $1)
            AND ($2::UUID[] IS NULL OR site.id = ANY ($2))
        ORDER BY model.name, model.version, site.name, deployment.deployment_name, deployment.id
        LIMIT 10000
        """;

    /// <summary>Figures of versions at work, one row each; none for those that were not measured in that time.</summary>
    /// <param name="models">Of these; null: of all.</param>
    /// <param name="scope">On sites that the caller may see; null: on all.</param>
    /// <param name="from">Windows that begin at this or later.</param>
    /// <param name="to">Windows that begin before this.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<LiveFigures>> ReadLiveAsync(
        Guid[]? models, SiteScope? scope, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => database.ReadAllAsync(
        LiveSql,
        [Reading.Ids(models), Reading.Ids(scope?.ToArray()), new() { Value = from.ToUniversalTime() }, new() { Value = to.ToUniversalTime() }],
        ReadLive,
        cancellationToken);

    /// <summary>Who runs what now, for its licence.</summary>
    /// <param name="model">Of this version; null: of all.</param>
    /// <param name="scope">On sites that the caller may see; null: on all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<LicenseUse>> ReadLicenseUsesAsync(Guid? model, SiteScope? scope, CancellationToken cancellationToken) => database.ReadAllAsync(
        LicenseSql,
        [Reading.Nullable(model, NpgsqlDbType.Uuid), Reading.Ids(scope?.ToArray())],
        ReadUse,
        cancellationToken);

    /// <summary>The latest evaluation of each of these versions that has one.</summary>
    public Task<IReadOnlyList<EvaluationResult>> ReadEvaluationsAsync(Guid[] models, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync<IReadOnlyList<EvaluationResult>>(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await db.Evaluations.AsNoTracking()
                .Where(result => models.Contains(result.ModelId))
                .Where(result => !db.Evaluations.Any(later => later.ModelId == result.ModelId
                    && (later.EvaluationDate > result.EvaluationDate || (later.EvaluationDate == result.EvaluationDate && later.Id > result.Id))))
                .ToListAsync(cancellationToken);
        });

    private static LiveFigures ReadLive(NpgsqlDataReader row) => new()
    {
        ModelId = row.GetGuid(0),
        Deployments = row.GetInt32(1),
        Sites = row.GetInt32(2),
        Windows = row.GetInt64(3),
        FramesDecoded = row.GetInt64(4),
        FramesInferred = row.GetInt64(5),
        TotalDetections = row.IsDBNull(6) ? 0 : row.GetInt64(6),
        TotalErrors = row.IsDBNull(7) ? 0 : row.GetInt64(7),
        InferenceTimeAvgMs = Number(row, 8, 3),
        LatencyP95Ms = Number(row, 9, 3),
        ThroughputFps = Number(row, 10, 2),
        ConfidenceScoreAvg = Number(row, 11, 4),
        DetectionsPerFrame = Number(row, 12, 4),
        ErrorRatePercentage = Number(row, 13, 3),
        CpuUtilizationAvg = Number(row, 14, 2),
        CpuUtilizationMax = Number(row, 15, 2),
        GpuUtilizationAvg = Number(row, 16, 2),
        GpuUtilizationMax = Number(row, 17, 2),
        MemoryUsageAvgGb = Number(row, 18, 3),
        MemoryUsageMaxGb = Number(row, 19, 3),
        GpuMemoryUsageAvgGb = Number(row, 20, 3),
        GpuMemoryUsageMaxGb = Number(row, 21, 3),
        InferenceSeconds = Number(row, 22, 3),
    };

    private static LicenseUse ReadUse(NpgsqlDataReader row) => new()
    {
        ModelId = row.GetGuid(0),
        ModelName = row.GetString(1),
        ModelVersion = row.GetString(2),
        LicenseType = row.IsDBNull(3) ? null : row.GetString(3),
        LicenseExpiresAt = row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
        LicenseSeats = row.IsDBNull(5) ? null : row.GetInt32(5),
        ExportRestrictions = row.IsDBNull(6) ? null : row.GetString(6),
        SiteId = row.GetGuid(7),
        SiteName = row.GetString(8),
        CountryCode = row.IsDBNull(9) ? null : row.GetString(9),
        DeploymentId = row.GetGuid(10),
        DeploymentName = row.GetString(11),
        Since = row.IsDBNull(12) ? null : row.GetFieldValue<DateTimeOffset>(12),
        Cameras = row.GetInt32(13),
        LicenseOverride = row.IsDBNull(14) ? null : row.GetString(14),
    };

    private static decimal? Number(NpgsqlDataReader row, int column, int digits) =>
        row.IsDBNull(column) ? null : Math.Round(row.GetDecimal(column), digits);
}
