using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Rollouts;

/// <summary>What is measured for rollouts, in SQL.</summary>
internal sealed class TrialStore(NpgsqlDataSource database) : ITrialWriter, ITrialReader
{
    // Of a rollout that is gone meanwhile nobody wants to know anything.
    private const string InsertSamples = """
        INSERT INTO rollout_samples (rollout_id, slot_start, camera_id, deployment_id, reporter, totals)
        SELECT given.*
        FROM unnest($1, $2, $3, $4, $5, $6) AS given (rollout_id, slot_start, camera_id, deployment_id, reporter, totals)
        WHERE EXISTS (SELECT 1 FROM rollouts WHERE rollouts.id = given.rollout_id)
        ON CONFLICT DO NOTHING
        """;

    private const string InsertDetections = """
        INSERT INTO shadow_detections (
            id, rollout_id, camera_id, site_id, deployment_id, model_id, frame_time, frame_number, track_id,
            class_id, class_name, confidence, x, y, width, height)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        ON CONFLICT DO NOTHING
        """;

    private const string SelectSamples = """
        SELECT slot_start, camera_id, deployment_id, reporter, totals
        FROM rollout_samples
        WHERE rollout_id = $1 AND slot_start >= $2 AND slot_start < $3
        """;

    // As many as people can say in a day of both versions.
    private const string SelectMarks = """
        SELECT mark.deployment_id, mark.camera_id, mark.frame_time, mark.marked_at, mark.verdict
        FROM rollouts
        JOIN detection_marks AS mark ON mark.deployment_id IN (rollouts.id, rollouts.stable_deployment_id)
        WHERE rollouts.id = $1 AND mark.marked_at >= $2 AND mark.marked_at < $3 AND mark.frame_time >= rollouts.created_at
        ORDER BY mark.marked_at
        LIMIT 100000
        """;

    public async Task WriteAsync(
        IReadOnlyList<TrialSample> samples, IReadOnlyList<ShadowDetection> found, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        if (samples.Count > 0)
        {
            batch.BatchCommands.Add(InsertOf(samples));
        }

        if (found.Count > 0)
        {
            batch.BatchCommands.Add(InsertOf(found));
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    public Task<IReadOnlyList<TrialSample>> ReadAsync(
        Guid rolloutId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync<IReadOnlyList<TrialSample>>(async () =>
        {
            await using var command = database.CreateCommand(SelectSamples);
            command.Parameters.Add(new() { Value = rolloutId });
            command.Parameters.Add(new() { Value = from.UtcDateTime });
            command.Parameters.Add(new() { Value = to.UtcDateTime });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var samples = new List<TrialSample>();
            while (await reader.ReadAsync(cancellationToken))
            {
                samples.Add(new()
                {
                    RolloutId = rolloutId,
                    Start = reader.GetFieldValue<DateTimeOffset>(0),
                    CameraId = reader.GetGuid(1),
                    DeploymentId = reader.GetGuid(2),
                    Reporter = reader.GetGuid(3),
                    Totals = JsonText.Parse(reader.GetString(4)).To<TrialTotals>() ?? TrialTotals.Empty,
                });
            }

            return samples;
        });

    public Task<IReadOnlyList<TrialMark>> ReadMarksAsync(
        Guid rolloutId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync<IReadOnlyList<TrialMark>>(async () =>
        {
            await using var command = database.CreateCommand(SelectMarks);
            command.Parameters.Add(new() { Value = rolloutId });
            command.Parameters.Add(new() { Value = from.UtcDateTime });
            command.Parameters.Add(new() { Value = to.UtcDateTime });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var marks = new List<TrialMark>();
            while (await reader.ReadAsync(cancellationToken))
            {
                marks.Add(new(
                    reader.GetGuid(0),
                    reader.GetGuid(1),
                    reader.GetFieldValue<DateTimeOffset>(2),
                    reader.GetFieldValue<DateTimeOffset>(3),
                    reader.GetFieldValue<DetectionVerdict>(4)));
            }

            return marks;
        });

    private static NpgsqlBatchCommand InsertOf(IReadOnlyList<TrialSample> rows)
    {
        var command = new NpgsqlBatchCommand(InsertSamples);
        command.AddColumn(NpgsqlDbType.Uuid, rows, sample => sample.RolloutId);
        command.AddColumn(NpgsqlDbType.TimestampTz, rows, sample => sample.Start.UtcDateTime);
        command.AddColumn(NpgsqlDbType.Uuid, rows, sample => sample.CameraId);
        command.AddColumn(NpgsqlDbType.Uuid, rows, sample => sample.DeploymentId);
        command.AddColumn(NpgsqlDbType.Uuid, rows, sample => sample.Reporter);
        command.AddColumn(NpgsqlDbType.Jsonb, rows, sample => JsonSerializer.Serialize(sample.Totals, FleetJson.Options));
        return command;
    }

    private static NpgsqlBatchCommand InsertOf(IReadOnlyList<ShadowDetection> rows)
    {
        var command = new NpgsqlBatchCommand(InsertDetections);
        command.AddColumn(NpgsqlDbType.Uuid, rows, row => row.Detection.Id);
        command.AddColumn(NpgsqlDbType.Uuid, rows, row => row.RolloutId);
        command.AddColumn(NpgsqlDbType.Uuid, rows, row => row.Detection.CameraId);
        command.AddColumn(NpgsqlDbType.Uuid, rows, row => row.Detection.SiteId);
        command.AddColumn(NpgsqlDbType.Uuid, rows, row => row.Detection.DeploymentId);
        command.AddColumn(NpgsqlDbType.Uuid, rows, row => row.Detection.ModelId);
        command.AddColumn(NpgsqlDbType.TimestampTz, rows, row => row.Detection.FrameTime.UtcDateTime);
        command.AddColumn(NpgsqlDbType.Bigint, rows, row => row.Detection.FrameNumber);
        command.AddColumn(NpgsqlDbType.Bigint, rows, row => row.Detection.TrackId);
        command.AddColumn(NpgsqlDbType.Integer, rows, row => row.Detection.ClassId);
        command.AddColumn(NpgsqlDbType.Text, rows, row => row.Detection.ClassName);
        command.AddColumn(NpgsqlDbType.Real, rows, row => row.Detection.Confidence);
        command.AddColumn(NpgsqlDbType.Real, rows, row => row.Detection.X);
        command.AddColumn(NpgsqlDbType.Real, rows, row => row.Detection.Y);
        command.AddColumn(NpgsqlDbType.Real, rows, row => row.Detection.Width);
        command.AddColumn(NpgsqlDbType.Real, rows, row => row.Detection.Height);
        return command;
    }
}
