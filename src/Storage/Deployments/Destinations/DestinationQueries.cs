using System.Globalization;

using Npgsql;
using NpgsqlTypes;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Deployments.Destinations;

/// <summary>How destinations do, and what people do about dead letters.</summary>
public sealed class DestinationQueries(NpgsqlDataSource database)
{
    private const string States = """
        SELECT
            destination.name,
            destination.kind,
            destination.removed_at IS NOT NULL,
            waiting.frames,
            waiting.bytes,
            waiting.oldest,
            destination.delivered,
            destination.delivered_at,
            destination.dead,
            (SELECT count(*) FROM detection_dead_letters AS letter
                WHERE letter.deployment_id = destination.deployment_id AND letter.destination = destination.name),
            destination.discarded,
            destination.failures,
            CASE WHEN destination.not_before > clock_timestamp() THEN destination.not_before END,
            destination.error,
            destination.error_at
        FROM output_destinations AS destination
        CROSS JOIN LATERAL (
            SELECT count(*) AS frames, coalesce(sum(bytes), 0)::BIGINT AS bytes, min(stored_at) AS oldest
            FROM detection_outbox AS frame
            WHERE frame.deployment_id = destination.deployment_id AND frame.destination = destination.name) AS waiting
        WHERE destination.deployment_id = $1
        ORDER BY destination.removed_at NULLS FIRST, destination.name
        LIMIT 100
        """;

    private const string Letters = """
        SELECT id, camera_id, frame_time, detection_ids, stored_at, died_at, reason
        FROM detection_dead_letters
        WHERE deployment_id = $1 AND destination = $2 AND ($3 IS NULL OR id < $3)
        ORDER BY id DESC
        LIMIT $4
        """;

    // At the end of the queue: what came after it has long been delivered.
    private const string Retry = """
        WITH taken AS (
            DELETE FROM detection_dead_letters
            WHERE id = $3 AND deployment_id = $1 AND destination = $2
            RETURNING camera_id, frame_time, detection_ids
        )
        INSERT INTO detection_outbox (deployment_id, destination, camera_id, frame_time, detection_ids)
        SELECT $1, $2, camera_id, frame_time, detection_ids
        FROM taken
        """;

    private const string Delete = """
        WITH gone AS (
            DELETE FROM detection_dead_letters WHERE id = $3 AND deployment_id = $1 AND destination = $2 RETURNING 1
        )
        UPDATE output_destinations SET discarded = discarded + 1
        WHERE deployment_id = $1 AND name = $2 AND EXISTS (SELECT 1 FROM gone)
        """;

    /// <summary>Destinations of a deployment, by name; those that it does not have any more come last.</summary>
    /// <exception cref="FleetRefusedException">The database is away.</exception>
    public Task<IReadOnlyList<DestinationState>> ReadStatesAsync(Guid deploymentId, CancellationToken cancellationToken) =>
        database.ReadAllAsync(
            States,
            [new() { Value = deploymentId }],
            row => new DestinationState
            {
                Name = row.GetString(0),
                Kind = row.GetString(1),
                IsRemoved = row.GetBoolean(2),
                Waiting = row.GetInt64(3),
                WaitingBytes = row.GetInt64(4),
                OldestWaitingSince = TimeOf(row, 5),
                Delivered = row.GetInt64(6),
                DeliveredAt = TimeOf(row, 7),
                Dead = row.GetInt64(8),
                DeadLetters = row.GetInt64(9),
                Discarded = row.GetInt64(10),
                Failures = row.GetInt32(11),
                NextTryAt = TimeOf(row, 12),
                Error = row.IsDBNull(13) ? null : row.GetString(13),
                ErrorAt = TimeOf(row, 14),
            },
            cancellationToken);

    /// <summary>Dead letters of a destination, newest first.</summary>
    /// <exception cref="FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public async Task<Page<DeadLetter>> ListDeadLettersAsync(Guid deploymentId, string name, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        page.CheckLimit();
        long? before = page.Cursor is null ? null
            : long.TryParse(page.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
            : throw new FleetRefusedException(
                RefusalKind.Invalid, "cursor", "cursor is none that a list gave: take next_cursor of the page before, as it is.");
        var rows = await database.ReadAllAsync(
            Letters,
            [
                new() { Value = deploymentId }, new() { Value = name },
                Reading.Nullable(before, NpgsqlDbType.Bigint), new() { Value = page.Limit + 1 },
            ],
            row => new DeadLetter
            {
                Id = row.GetInt64(0),
                CameraId = row.GetGuid(1),
                FrameTime = row.GetFieldValue<DateTimeOffset>(2),
                DetectionIds = row.GetFieldValue<Guid[]>(3),
                StoredAt = row.GetFieldValue<DateTimeOffset>(4),
                DiedAt = row.GetFieldValue<DateTimeOffset>(5),
                Reason = row.GetString(6),
            },
            cancellationToken);
        return rows.Count <= page.Limit
            ? new(rows, null)
            : new([.. rows.Take(page.Limit)], rows[page.Limit - 1].Id.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Puts a dead letter back to the end of what waits. False where there is none.</summary>
    /// <exception cref="FleetRefusedException">The database is away.</exception>
    public Task<bool> RetryAsync(Guid deploymentId, string name, long id, CancellationToken cancellationToken) =>
        ChangeAsync(Retry, deploymentId, name, id, cancellationToken);

    /// <summary>Deletes a dead letter; it is counted as discarded. False where there is none.</summary>
    /// <exception cref="FleetRefusedException">The database is away.</exception>
    public Task<bool> DeleteAsync(Guid deploymentId, string name, long id, CancellationToken cancellationToken) =>
        ChangeAsync(Delete, deploymentId, name, id, cancellationToken);

    private static DateTimeOffset? TimeOf(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private Task<bool> ChangeAsync(string sql, Guid deploymentId, string name, long id, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(async () =>
        {
            await using var command = database.CreateCommand(sql);
            command.Parameters.AddRange(new NpgsqlParameter[] { new() { Value = deploymentId }, new() { Value = name }, new() { Value = id } });
            return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
        });
}
