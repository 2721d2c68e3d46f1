using System.Text.Json.Nodes;
using Npgsql;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>
/// What people say of detections. Every change is in the audit trail, by the same transaction; the trail has the verdict alone, because
/// what a camera saw when can be erased, and the trail cannot.
/// </summary>
public sealed class DetectionMarks
{
    private const string Columns = """
        detection_id, camera_id, site_id, deployment_id, model_id, frame_time, class_name, is_shadow, verdict, comment, marked_by, marked_at
        """;

    // Locked, so that two at once have an order, and the trail tells it.
    private const string SelectBefore = "SELECT verdict, comment FROM detection_marks WHERE detection_id = $1 FOR UPDATE";

    // A verdict said twice was said when it was said first: what is measured of marks counts it once.
    private const string Upsert = $"""
        INSERT INTO detection_marks AS mark ({Columns})
        SELECT found.*, $4, $5, $6, $7
        FROM (
            SELECT id, camera_id, site_id, deployment_id, model_id, frame_time, class_name, FALSE
            FROM detections
            WHERE frame_time = $3 AND id = $1 AND camera_id = $2
            UNION ALL
            SELECT id, camera_id, site_id, deployment_id, model_id, frame_time, class_name, TRUE
            FROM shadow_detections
            WHERE id = $1 AND camera_id = $2 AND frame_time = $3) AS found
        LIMIT 1
        ON CONFLICT (detection_id) DO UPDATE SET
            verdict = excluded.verdict,
            comment = excluded.comment,
            marked_by = excluded.marked_by,
            marked_at = CASE WHEN mark.verdict = excluded.verdict THEN mark.marked_at ELSE excluded.marked_at END
        RETURNING {Columns}
        """;

    private const string Delete = $"DELETE FROM detection_marks WHERE detection_id = $1 AND camera_id = $2 RETURNING {Columns}";

    private const string Select = $"""
        SELECT {Columns}
        FROM detection_marks
        WHERE camera_id = $1
            AND ($2::UUID IS NULL OR deployment_id = $2)
            AND ($3::detection_verdict IS NULL OR verdict = $3)
            AND ($4::TIMESTAMPTZ IS NULL OR (marked_at, detection_id) < ($4, $5::UUID))
        ORDER BY marked_at DESC, detection_id DESC
        LIMIT $6
        """;

    private readonly NpgsqlDataSource _database;
    private readonly AuditTrail _trail;
    private readonly TimeProvider _time;

    internal DetectionMarks(NpgsqlDataSource database, AuditTrail trail, TimeProvider time) => (_database, _trail, _time) = (database, trail, time);

    /// <summary>Says it, or says something else than before.</summary>
    /// <param name="cameraId">The camera that the detection is of.</param>
    /// <param name="detectionId">The detection; one that a shadow found can be judged too.</param>
    /// <param name="frameTime">When its frame was taken: by that it is found.</param>
    /// <param name="verdict">What is said.</param>
    /// <param name="comment">In words, or null.</param>
    /// <param name="by">Who says it; null: the fleet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The mark, or null where the camera has no such detection.</returns>
    /// <exception cref="FleetRefusedException">The database is away.</exception>
    public Task<DetectionMark?> SetAsync(
        Guid cameraId,
        Guid detectionId,
        DateTimeOffset frameTime,
        DetectionVerdict verdict,
        string? comment,
        Guid? by,
        CancellationToken cancellationToken) =>
        ChangeAsync(
            "mark",
            detectionId,
            connection => new(Upsert, connection)
            {
                Parameters =
                {
                    new() { Value = detectionId },
                    new() { Value = cameraId },
                    new() { Value = frameTime.UtcDateTime },
                    new() { Value = verdict },
                    new() { Value = (object?)comment ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text },
                    new() { Value = (object?)by ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid },
                    new() { Value = _time.GetUtcNow().UtcDateTime },
                },
            },
            cancellationToken);

    /// <summary>Takes it back.</summary>
    /// <returns>The mark as it was, or null where there is none.</returns>
    /// <exception cref="FleetRefusedException">The database is away.</exception>
    public Task<DetectionMark?> RemoveAsync(Guid cameraId, Guid detectionId, CancellationToken cancellationToken) => ChangeAsync(
        "unmark",
        detectionId,
        connection => new(Delete, connection) { Parameters = { new() { Value = detectionId }, new() { Value = cameraId } } },
        cancellationToken);

    /// <summary>Marks of one camera's detections, the last one first.</summary>
    /// <exception cref="FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public Task<Page<DetectionMark>> ListAsync(
        Guid cameraId, Guid? deploymentId, DetectionVerdict? verdict, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        var after = page.Check();
        return DatabaseOutage.GuardAsync(async () =>
        {
            await using var command = _database.CreateCommand(Select);
            command.Parameters.Add(new() { Value = cameraId });
            command.Parameters.Add(new() { Value = (object?)deploymentId ?? DBNull.Value });
            command.Parameters.Add(new() { Value = (object?)verdict ?? DBNull.Value });
            command.Parameters.Add(new() { Value = (object?)after?.Time ?? DBNull.Value });
            command.Parameters.Add(new() { Value = (object?)after?.Id ?? DBNull.Value });
            command.Parameters.Add(new() { Value = page.Limit + 1 });
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            var found = new List<DetectionMark>();
            while (await row.ReadAsync(cancellationToken))
            {
                found.Add(Read(row));
            }

            return page.Cut(found, mark => new(mark.MarkedAt, mark.DetectionId));
        });
    }

    private static async Task<DetectionMark?> OneAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Read(row) : null;
    }

    private static DetectionMark Read(NpgsqlDataReader row) => new()
    {
        DetectionId = row.GetGuid(0),
        CameraId = row.GetGuid(1),
        SiteId = row.GetGuid(2),
        DeploymentId = row.GetGuid(3),
        ModelId = row.GetGuid(4),
        FrameTime = row.GetFieldValue<DateTimeOffset>(5),
        ClassName = row.GetString(6),
        IsShadow = row.GetBoolean(7),
        Verdict = row.GetFieldValue<DetectionVerdict>(8),
        Comment = row.IsDBNull(9) ? null : row.GetString(9),
        MarkedBy = row.IsDBNull(10) ? null : row.GetGuid(10),
        MarkedAt = row.GetFieldValue<DateTimeOffset>(11),
    };

    private static string? Said(DetectionVerdict? verdict) =>
        verdict is { } said ? new JsonObject { ["verdict"] = AuditTrail.NameOf(said) }.ToJsonString() : null;

    private Task<DetectionMark?> ChangeAsync(
        string verb, Guid detectionId, Func<NpgsqlConnection, NpgsqlCommand> change, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(async () =>
        {
            await using var connection = await _database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var before = await ReadBeforeAsync(connection, detectionId, cancellationToken);
            await using var command = change(connection);
            if (await OneAsync(command, cancellationToken) is not { } mark)
            {
                return null;
            }

            var isGone = verb == "unmark";
            if (isGone || before != (mark.Verdict, mark.Comment))
            {
                var record = new AuditRecord
                {
                    Action = $"detections.{verb}", TargetType = "detections", TargetId = $"{detectionId}", SiteId = mark.SiteId,
                    Before = Said(before?.Verdict), After = isGone ? null : Said(mark.Verdict),
                };
                await _trail.AppendAsync(connection, transaction, [record], cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
            return mark;
        });

    private static async Task<(DetectionVerdict Verdict, string? Comment)?> ReadBeforeAsync(
        NpgsqlConnection connection, Guid detectionId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SelectBefore, connection) { Parameters = { new() { Value = detectionId } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (row.GetFieldValue<DetectionVerdict>(0), row.IsDBNull(1) ? null : row.GetString(1)) : null;
    }
}
