using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Npgsql;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Metrics;

namespace OrleansAiFleet.Storage.Sites;

/// <summary>
/// Deletes what sites keep no longer: windows of metrics with their reports, what was decided on them, and detections of sites that keep them for less
/// than their partitions stay. What was deleted is in the audit trail.
/// </summary>
internal sealed class SiteRetention(
    NpgsqlDataSource database, AuditTrail trail, IOptions<DetectionRetentionOptions> detections, IOptions<MetricsRetentionOptions> metrics)
{
    // Any number that nobody else uses: one process at a time.
    private const long AdvisoryLock = 0x4F41_4649_5245_5449;

    private const string SelectSites = """
        SELECT
            id,
            COALESCE(detections_retention_days, $1),
            COALESCE(metrics_retention_days, $2),
            ARRAY(SELECT cameras.id FROM cameras WHERE cameras.site_id = sites.id)
        FROM sites
        """;

    private static readonly string[] DeleteWindows =
    [
        """
        DELETE FROM model_performance_metrics
        WHERE metric_timestamp < $2 AND deployment_id IN (SELECT id FROM model_deployments WHERE site_id = $1)
        """,
        """
        DELETE FROM metric_window_reports
        WHERE window_start < $2 AND deployment_id IN (SELECT id FROM model_deployments WHERE site_id = $1)
        """,
        "DELETE FROM rollout_samples WHERE slot_start < $2 AND rollout_id IN (SELECT id FROM rollouts WHERE site_id = $1)",
        "DELETE FROM scaling_decisions WHERE decided_at < $2 AND deployment_id IN (SELECT id FROM model_deployments WHERE site_id = $1)",
    ];

    /// <summary>Deletes what is too old on this day. Does nothing where another process is at it.</summary>
    /// <returns>Rows that were deleted.</returns>
    /// <exception cref="NpgsqlException">The database is away; what is done stays done.</exception>
    public async Task<long> ApplyAsync(DateOnly today, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!await TryLockAsync(connection, cancellationToken))
        {
            return 0;
        }

        try
        {
            long deleted = 0;
            foreach (var site in await ReadAsync(connection, cancellationToken))
            {
                deleted += await DeleteDetectionsAsync(connection, site, StartOf(today.AddDays(-site.DetectionDays)), cancellationToken);
                deleted += await DeleteWindowsAsync(connection, site, StartOf(today.AddDays(-site.MetricDays)), cancellationToken);
            }

            return deleted;
        }
        finally
        {
            // Back in the pool the connection would keep it.
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await using var unlock = new NpgsqlCommand($"SELECT pg_advisory_unlock({AdvisoryLock})", connection);
                await unlock.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }

    private async Task<long> DeleteDetectionsAsync(
        NpgsqlConnection connection, SiteDays site, DateTimeOffset before, CancellationToken cancellationToken)
    {
        long deleted = 0;
        while (true)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var rows = await DetectionRemoval.DeleteFirstDayAsync(connection, site.Cameras, null, before, cancellationToken);
            if (rows > 0)
            {
                await RecordAsync(connection, transaction, site.Id, before, "detections", rows, cancellationToken);
            }

            // Also where no detection was left: marks of those that went with their partition may have gone.
            await transaction.CommitAsync(cancellationToken);
            if (rows == 0)
            {
                return deleted;
            }

            deleted += rows;
        }
    }

    private async Task<long> DeleteWindowsAsync(
        NpgsqlConnection connection, SiteDays site, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = 0;
        foreach (var sql in DeleteWindows)
        {
            await using var delete = new NpgsqlCommand(sql, connection, transaction)
            {
                Parameters = { new() { Value = site.Id }, new() { Value = before.UtcDateTime } },
            };
            rows += await delete.ExecuteNonQueryAsync(cancellationToken);
        }

        if (rows > 0)
        {
            await RecordAsync(connection, transaction, site.Id, before, "metrics", rows, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return rows;
    }

    private Task RecordAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        Guid site,
        DateTimeOffset before,
        string kind,
        int rows,
        CancellationToken cancellationToken) =>
        trail.AppendAsync(
            connection,
            transaction,
            [
                new()
                {
                    Action = "retention.delete",
                    TargetType = "sites",
                    TargetId = site.ToString(),
                    SiteId = site,
                    Before = new JsonObject { ["kind"] = kind, ["rows"] = rows, ["older_than"] = before.UtcDateTime }.ToJsonString(),
                },
            ],
            cancellationToken);

    private async Task<List<SiteDays>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SelectSites, connection)
        {
            Parameters = { new() { Value = detections.Value.RetentionDays }, new() { Value = metrics.Value.RetentionDays } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var sites = new List<SiteDays>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sites.Add(new(reader.GetGuid(0), reader.GetInt32(1), reader.GetInt32(2), await reader.GetFieldValueAsync<Guid[]>(3, cancellationToken)));
        }

        return sites;
    }

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({AdvisoryLock})", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static DateTimeOffset StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private sealed record SiteDays(Guid Id, int DetectionDays, int MetricDays, Guid[] Cameras);
}
