using Npgsql;
using NpgsqlTypes;

using OrleansAiFleet.Detections;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Deployments.Destinations;

/// <summary>What waits for one destination, and what becomes of it. For whoever has its lease.</summary>
public sealed class DetectionOutbox(NpgsqlDataSource database)
{
    private const string ReadHead = """
        SELECT
            waiting.id,
            waiting.camera_id,
            waiting.frame_time,
            waiting.stored_at,
            clock_timestamp(),
            detection.id,
            detection.site_id,
            detection.model_id,
            detection.frame_number,
            detection.track_id,
            detection.class_id,
            detection.class_name,
            detection.confidence,
            detection.x,
            detection.y,
            detection.width,
            detection.height
        FROM (
            SELECT *
            FROM detection_outbox
            WHERE deployment_id = $1 AND destination = $2 AND ($3 IS NULL OR id <= $3)
            ORDER BY id
            LIMIT $4) AS waiting
        LEFT JOIN LATERAL unnest(waiting.detection_ids) WITH ORDINALITY AS wanted (id, place) ON TRUE
        LEFT JOIN detections AS detection ON detection.frame_time = waiting.frame_time AND detection.id = wanted.id
        ORDER BY waiting.id, wanted.place
        """;

    // Whose lease it is by now does not matter for what was delivered: it is counted once, by whoever deletes the row.
    private const string Deliver = """
        WITH done AS (DELETE FROM detection_outbox WHERE id = ANY($4) RETURNING 1)
        UPDATE output_destinations
        SET delivered = delivered + greatest((SELECT count(*) FROM done) - $5, 0),
            discarded = discarded + $5,
            failures = 0,
            refusals = 0,
            head_until = NULL,
            delivered_at = CASE WHEN cardinality($4) > $5 THEN clock_timestamp() ELSE delivered_at END,
            lease_until = CASE WHEN lease_owner = $3 THEN clock_timestamp() + $6 ELSE lease_until END
        WHERE deployment_id = $1 AND name = $2
        RETURNING lease_owner IS NOT DISTINCT FROM $3
        """;

    private const string Fail = """
        UPDATE output_destinations
        SET failures = failures + 1,
            refusals = refusals + $5,
            head_until = $6,
            not_before = clock_timestamp() + $7,
            error = $4,
            error_at = clock_timestamp(),
            lease_owner = NULL,
            lease_until = '-infinity'
        WHERE deployment_id = $1 AND name = $2 AND lease_owner = $3
        """;

    private const string Bury = """
        WITH gone AS (
            DELETE FROM detection_outbox
            WHERE id = ANY($5)
            RETURNING id, deployment_id, destination, camera_id, frame_time, detection_ids, stored_at
        ), kept AS (
            INSERT INTO detection_dead_letters (id, deployment_id, destination, camera_id, frame_time, detection_ids, stored_at, reason)
            SELECT id, deployment_id, destination, camera_id, frame_time, detection_ids, stored_at, $4
            FROM gone
        )
        UPDATE output_destinations
        SET dead = dead + (SELECT count(*) FROM gone),
            failures = failures + 1,
            refusals = 0,
            head_until = NULL,
            not_before = clock_timestamp() + $6,
            error = $4,
            error_at = clock_timestamp(),
            lease_owner = NULL,
            lease_until = '-infinity'
        WHERE deployment_id = $1 AND name = $2 AND lease_owner = $3
        """;

    // What waits is no failure; people see in the error's place what for. Whose lease it is does not matter for what is given up.
    private const string SetAside = """
        WITH gone AS (
            DELETE FROM detection_outbox
            USING unnest($5::BIGINT[], $6::TEXT[]) AS given_up (id, reason)
            WHERE detection_outbox.id = given_up.id
            RETURNING detection_outbox.*, given_up.reason
        ), kept AS (
            INSERT INTO detection_dead_letters (id, deployment_id, destination, camera_id, frame_time, detection_ids, stored_at, reason)
            SELECT id, deployment_id, destination, camera_id, frame_time, detection_ids, stored_at, reason
            FROM gone
        )
        UPDATE output_destinations
        SET dead = dead + (SELECT count(*) FROM gone),
            head_until = CASE WHEN lease_owner = $3 THEN NULL ELSE head_until END,
            error = coalesce($4, error),
            error_at = CASE WHEN $4 IS NULL THEN error_at ELSE clock_timestamp() END,
            not_before = CASE WHEN lease_owner = $3 THEN clock_timestamp() + $7 ELSE not_before END,
            lease_until = CASE WHEN lease_owner = $3 THEN '-infinity' ELSE lease_until END,
            lease_owner = nullif(lease_owner, $3)
        WHERE deployment_id = $1 AND name = $2
        """;

    /// <summary>The next message: the one that failed last, or as many frames as fit into one.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away.</exception>
    public async Task<OutboxHead> ReadAsync(DestinationLease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var again = lease.HeadUntil is null ? null : await ReadAsync(lease, lease.HeadUntil, cancellationToken);

        // All of what failed may have become dead letters meanwhile.
        return again is { Frames.Count: > 0 } ? again : await ReadAsync(lease, null, cancellationToken);
    }

    /// <summary>A message is with its receiver.</summary>
    /// <param name="lease">Its destination; extended.</param>
    /// <param name="frames">Rows of the message, and those that had nothing left to send.</param>
    /// <param name="empty">How many of them had nothing.</param>
    /// <param name="length">For how long the destination is kept.</param>
    /// <param name="cancellationToken">Gives up; then it is not known whether it was noted.</param>
    /// <returns>Whether the lease still holds.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<bool> DeliveredAsync(
        DestinationLease lease, IReadOnlyCollection<OutboxFrame> frames, int empty, TimeSpan length, CancellationToken cancellationToken)
    {
        await using var command = Command(Deliver, lease, Ids(frames), new() { Value = (long)empty }, new() { Value = length });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>A try failed: the same message is tried again after a while. Gives the destination back.</summary>
    /// <param name="lease">Its destination.</param>
    /// <param name="until">Last row of the message.</param>
    /// <param name="isRefusal">The receiver says no to this message.</param>
    /// <param name="words">Why, for people.</param>
    /// <param name="delay">After how long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task FailedAsync(
        DestinationLease lease, long until, bool isRefusal, string words, TimeSpan delay, CancellationToken cancellationToken)
    {
        await using var command = Command(
            Fail, lease, new() { Value = words }, new() { Value = isRefusal ? 1 : 0 }, new() { Value = until }, new() { Value = delay });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A message becomes dead letters. Gives the destination back.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task BuryAsync(
        DestinationLease lease, IReadOnlyCollection<OutboxFrame> frames, string words, TimeSpan delay, CancellationToken cancellationToken)
    {
        await using var command = Command(Bury, lease, new() { Value = words }, Ids(frames), new() { Value = delay });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Frames are given up, each for its own reason, and all others wait. Gives the destination back; the receiver did not fail.</summary>
    /// <param name="lease">Its destination.</param>
    /// <param name="dead">Rows that become dead letters, with the reason.</param>
    /// <param name="words">What the others wait for, for people; null: nobody needs to know.</param>
    /// <param name="delay">For how long they wait.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task SetAsideAsync(
        DestinationLease lease,
        IReadOnlyCollection<(OutboxFrame Frame, string Reason)> dead,
        string? words,
        TimeSpan delay,
        CancellationToken cancellationToken)
    {
        await using var command = Command(
            SetAside,
            lease,
            Reading.Nullable(words, NpgsqlDbType.Text),
            Ids(dead.Select(each => each.Frame)),
            new() { Value = dead.Select(each => each.Reason).ToArray() },
            new() { Value = delay });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Ids(IEnumerable<OutboxFrame> frames) => new() { Value = frames.Select(frame => frame.Id).ToArray() };

    private NpgsqlCommand Command(string sql, DestinationLease lease, params NpgsqlParameter[] more)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddRange(
            new NpgsqlParameter[] { new() { Value = lease.DeploymentId }, new() { Value = lease.Name }, new() { Value = lease.Owner } });
        command.Parameters.AddRange(more);
        return command;
    }

    private async Task<OutboxHead> ReadAsync(DestinationLease lease, long? until, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAllAsync(
            ReadHead,
            [
                new() { Value = lease.DeploymentId }, new() { Value = lease.Name },
                Reading.Nullable(until, NpgsqlDbType.Bigint), new() { Value = lease.BatchSize },
            ],
            row => (Frame: FrameOf(row), Now: row.GetFieldValue<DateTimeOffset>(4), Detection: row.IsDBNull(5) ? null : DetectionOf(row, lease)),
            cancellationToken);
        return new(
            [
                .. rows.GroupBy(row => row.Frame.Id).Select(group => group.First().Frame with
                {
                    Detections = [.. group.Where(row => row.Detection is not null).Select(row => row.Detection!)],
                }),
            ],
            rows.Count == 0 ? default : rows[0].Now);
    }

    private static OutboxFrame FrameOf(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetGuid(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3), []);

    private static Detection DetectionOf(NpgsqlDataReader row, DestinationLease lease) => new()
    {
        Id = row.GetGuid(5),
        CameraId = row.GetGuid(1),
        SiteId = row.GetGuid(6),
        DeploymentId = lease.DeploymentId,
        ModelId = row.GetGuid(7),
        FrameTime = row.GetFieldValue<DateTimeOffset>(2),
        FrameNumber = row.GetInt64(8),
        TrackId = row.IsDBNull(9) ? null : row.GetInt64(9),
        ClassId = row.GetInt32(10),
        ClassName = row.GetString(11),
        Confidence = row.GetFloat(12),
        X = row.GetFloat(13),
        Y = row.GetFloat(14),
        Width = row.GetFloat(15),
        Height = row.GetFloat(16),
    };
}
