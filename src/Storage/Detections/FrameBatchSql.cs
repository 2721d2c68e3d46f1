using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>
/// Frame batches in SQL: one statement for all detections and what of them is to be sent, one for all reports, both in one transaction.
/// </summary>
public sealed class FrameBatchSql(NpgsqlDataSource database, TimeSpan commandTimeout)
{
    private const string InsertDetections = """
        INSERT INTO detections (
            id, camera_id, site_id, deployment_id, model_id, frame_time, frame_number, track_id,
            class_id, class_name, confidence, x, y, width, height)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        ON CONFLICT DO NOTHING
        """;

    // What is new is put into the outbox with it, and what was there already is not: however often a batch is stored, a detection is
    // sent by one row. A row is a frame's detections for one destination; their numbers ascend in the order of the frames.
    private const string InsertOutgoing = """
        WITH stored AS (
            INSERT INTO detections (
                id, camera_id, site_id, deployment_id, model_id, frame_time, frame_number, track_id,
                class_id, class_name, confidence, x, y, width, height)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            ON CONFLICT DO NOTHING
            RETURNING id, camera_id, deployment_id, frame_time
        ), outgoing AS (
            INSERT INTO detection_outbox (deployment_id, destination, camera_id, frame_time, detection_ids)
            SELECT
                stored.deployment_id,
                route.destination,
                stored.camera_id,
                stored.frame_time,
                array_agg(stored.id ORDER BY route.place)
            FROM unnest($16, $17) WITH ORDINALITY AS route (detection_id, destination, place)
            JOIN stored ON stored.id = route.detection_id
            JOIN output_destinations AS known
                ON known.deployment_id = stored.deployment_id AND known.name = route.destination AND known.removed_at IS NULL
            GROUP BY stored.deployment_id, route.destination, stored.camera_id, stored.frame_time
            ORDER BY min(route.place)
        )
        SELECT count(*) FROM stored
        """;

    // Totals, not differences: whichever report is later stands for all before it, and a replayed one changes nothing.
    private const string UpsertReports = """
        INSERT INTO metric_window_reports (deployment_id, window_start, reporter, sequence, totals)
        SELECT * FROM unnest($1, $2, $3, $4, $5)
        ON CONFLICT (deployment_id, window_start, reporter) DO UPDATE SET
            sequence = excluded.sequence,
            totals = excluded.totals,
            stored_at = clock_timestamp()
        WHERE excluded.sequence > metric_window_reports.sequence
        """;

    private const string SelectReport = """
        SELECT sequence, totals
        FROM metric_window_reports
        WHERE deployment_id = $1 AND window_start = $2 AND reporter = $3
        """;

    /// <summary>Stores all of the batches or none. Storing one again changes nothing.</summary>
    /// <returns>Detections that were not there before.</returns>
    /// <exception cref="NpgsqlException">The database is away or refuses a row.</exception>
    public async Task<long> StoreAsync(IReadOnlyList<FrameBatch> batches, CancellationToken cancellationToken)
    {
        // Sent as one message sequence without barriers: PostgreSQL runs it as one implicit transaction, in one round trip.
        await using var batch = database.CreateBatch();
        batch.Timeout = (int)Math.Ceiling(commandTimeout.TotalSeconds);
        var detections = DetectionsOf(batches);
        if (detections is not null)
        {
            batch.BatchCommands.Add(detections);
        }

        if (ReportsOf(batches) is { } reports)
        {
            batch.BatchCommands.Add(reports);
        }

        if (batch.BatchCommands.Count == 0)
        {
            return 0;
        }

        // Only what goes out gives a row: the number of new detections, of which the statement around cannot tell.
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var counted = await reader.ReadAsync(cancellationToken) ? reader.GetInt64(0) : (long?)null;
        while (await reader.NextResultAsync(cancellationToken))
        {
        }

        return counted ?? (long)(detections?.Rows ?? 0);
    }

    /// <summary>The latest report that one reporter stored for a window, or null.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<WindowReport?> ReadReportAsync(WindowKey window, Guid reporter, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(SelectReport);
        command.CommandTimeout = (int)Math.Ceiling(commandTimeout.TotalSeconds);
        command.Parameters.Add(new() { Value = window.DeploymentId });
        command.Parameters.Add(new() { Value = window.Start.UtcDateTime });
        command.Parameters.Add(new() { Value = reporter });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new()
            {
                Window = window,
                Reporter = reporter,
                Sequence = reader.GetInt64(0),
                Totals = JsonText.Parse(reader.GetString(1)).To<WindowTotals>() ?? new(),
            }
            : null;
    }

    private static NpgsqlBatchCommand? DetectionsOf(IReadOnlyList<FrameBatch> batches)
    {
        var rows = batches.Count == 1 ? batches[0].Detections : [.. batches.SelectMany(batch => batch.Detections)];
        if (rows.Count == 0)
        {
            return null;
        }

        IReadOnlyList<OutgoingDetection> outgoing = batches.Count == 1 ? batches[0].Outgoing : [.. batches.SelectMany(batch => batch.Outgoing)];
        var command = new NpgsqlBatchCommand(outgoing.Count == 0 ? InsertDetections : InsertOutgoing);
        command.AddColumn(NpgsqlDbType.Uuid, rows, detection => detection.Id);
        command.AddColumn(NpgsqlDbType.Uuid, rows, detection => detection.CameraId);
        command.AddColumn(NpgsqlDbType.Uuid, rows, detection => detection.SiteId);
        command.AddColumn(NpgsqlDbType.Uuid, rows, detection => detection.DeploymentId);
        command.AddColumn(NpgsqlDbType.Uuid, rows, detection => detection.ModelId);
        command.AddColumn(NpgsqlDbType.TimestampTz, rows, detection => detection.FrameTime.UtcDateTime);
        command.AddColumn(NpgsqlDbType.Bigint, rows, detection => detection.FrameNumber);
        command.AddColumn(NpgsqlDbType.Bigint, rows, detection => detection.TrackId);
        command.AddColumn(NpgsqlDbType.Integer, rows, detection => detection.ClassId);
        command.AddColumn(NpgsqlDbType.Text, rows, detection => detection.ClassName);
        command.AddColumn(NpgsqlDbType.Real, rows, detection => detection.Confidence);
        command.AddColumn(NpgsqlDbType.Real, rows, detection => detection.X);
        command.AddColumn(NpgsqlDbType.Real, rows, detection => detection.Y);
        command.AddColumn(NpgsqlDbType.Real, rows, detection => detection.Width);
        command.AddColumn(NpgsqlDbType.Real, rows, detection => detection.Height);
        if (outgoing.Count > 0)
        {
            command.AddColumn(NpgsqlDbType.Uuid, outgoing, each => each.DetectionId);
            command.AddColumn(NpgsqlDbType.Text, outgoing, each => each.Destination);
        }
        return command;
    }

    private static NpgsqlBatchCommand? ReportsOf(IReadOnlyList<FrameBatch> batches)
    {
        // One statement may not touch a row twice: of several reports of one window only the latest goes.
        var latest = new Dictionary<(WindowKey Window, Guid Reporter), WindowReport>();
        foreach (var report in batches.SelectMany(batch => batch.Reports))
        {
            var key = (report.Window, report.Reporter);
            if (!latest.TryGetValue(key, out var other) || other.Sequence < report.Sequence)
            {
                latest[key] = report;
            }
        }

        if (latest.Count == 0)
        {
            return null;
        }

        WindowReport[] rows = [.. latest.Values];
        var command = new NpgsqlBatchCommand(UpsertReports);
        command.AddColumn(NpgsqlDbType.Uuid, rows, report => report.Window.DeploymentId);
        command.AddColumn(NpgsqlDbType.TimestampTz, rows, report => report.Window.Start.UtcDateTime);
        command.AddColumn(NpgsqlDbType.Uuid, rows, report => report.Reporter);
        command.AddColumn(NpgsqlDbType.Bigint, rows, report => report.Sequence);
        command.AddColumn(NpgsqlDbType.Jsonb, rows, report => JsonSerializer.Serialize(report.Totals, FleetJson.Options));
        return command;
    }
}
