using Npgsql;

namespace OrleansAiFleet.Storage.Deployments.Destinations;

/// <summary>Most that waits, and most that is kept of what could not be delivered.</summary>
/// <param name="LongestWait">Longest that a frame waits.</param>
/// <param name="MostBytes">Most bytes that wait for one destination.</param>
/// <param name="DeadLetterAge">How long dead letters are kept.</param>
/// <param name="MostDeadLetters">Most of one destination.</param>
public sealed record OutboxLimits(TimeSpan LongestWait, long MostBytes, TimeSpan DeadLetterAge, int MostDeadLetters);

/// <summary>What upkeep changed.</summary>
/// <param name="Dead">Frames that became dead letters, by destination.</param>
/// <param name="Discarded">Dead letters that are kept no longer.</param>
public sealed record OutboxChanges(IReadOnlyList<(Guid DeploymentId, string Name, long Frames)> Dead, long Discarded);

/// <summary>How long the oldest frame of a destination waits.</summary>
public sealed record OldestFrame(Guid DeploymentId, string Name, TimeSpan Age);

/// <summary>Keeps the outbox and the dead letters within their bounds, a bounded piece at a time.</summary>
public sealed class OutboxUpkeep(NpgsqlDataSource database)
{
    private const int Piece = 5_000;

    private const string TooOld = """
        SELECT waiting.id
        FROM output_destinations AS destination
        CROSS JOIN LATERAL (
            SELECT id, stored_at
            FROM detection_outbox
            WHERE deployment_id = destination.deployment_id AND destination = destination.name
            ORDER BY id
            LIMIT $2) AS waiting
        WHERE waiting.stored_at < clock_timestamp() - $3
        LIMIT $2
        """;

    private const string TooMuch = """
        SELECT id
        FROM (
            SELECT
                id,
                sum(bytes) OVER (PARTITION BY deployment_id, destination ORDER BY id DESC) AS held
            FROM detection_outbox
            WHERE (deployment_id, destination) IN (
                SELECT deployment_id, destination
                FROM detection_outbox
                GROUP BY deployment_id, destination
                HAVING sum(bytes) > $3)) AS waiting
        WHERE held > $3
        ORDER BY id
        LIMIT $2
        """;

    // The destination's own last error says more than that time ran out.
    private const string Bury = """
        WITH gone AS (
            DELETE FROM detection_outbox
            WHERE id IN ({0})
            RETURNING id, deployment_id, destination, camera_id, frame_time, detection_ids, stored_at
        ), kept AS (
            INSERT INTO detection_dead_letters (id, deployment_id, destination, camera_id, frame_time, detection_ids, stored_at, reason)
            SELECT
                gone.id,
                gone.deployment_id,
                gone.destination,
                gone.camera_id,
                gone.frame_time,
                gone.detection_ids,
                gone.stored_at,
                $1 || coalesce(' Last error: ' || destination.error, '')
            FROM gone
            JOIN output_destinations AS destination ON destination.deployment_id = gone.deployment_id AND destination.name = gone.destination
        ), counted AS (
            SELECT deployment_id, destination, count(*) AS frames FROM gone GROUP BY deployment_id, destination
        )
        UPDATE output_destinations AS destination
        SET dead = dead + counted.frames
        FROM counted
        WHERE destination.deployment_id = counted.deployment_id AND destination.name = counted.destination
        RETURNING destination.deployment_id, destination.name, counted.frames
        """;

    private const string Discard = """
        WITH ranked AS (
            SELECT id, died_at, row_number() OVER (PARTITION BY deployment_id, destination ORDER BY id DESC) AS place
            FROM detection_dead_letters
        ), gone AS (
            DELETE FROM detection_dead_letters
            WHERE id IN (SELECT id FROM ranked WHERE place > $3 OR died_at < clock_timestamp() - $2 LIMIT $1)
            RETURNING deployment_id, destination
        ), counted AS (
            SELECT deployment_id, destination, count(*) AS letters FROM gone GROUP BY deployment_id, destination
        ), noted AS (
            UPDATE output_destinations AS destination
            SET discarded = discarded + counted.letters
            FROM counted
            WHERE destination.deployment_id = counted.deployment_id AND destination.name = counted.destination
        )
        SELECT count(*) FROM gone
        """;

    private const string Oldest = """
        SELECT destination.deployment_id, destination.name, clock_timestamp() - waiting.stored_at
        FROM output_destinations AS destination
        CROSS JOIN LATERAL (
            SELECT stored_at
            FROM detection_outbox
            WHERE deployment_id = destination.deployment_id AND destination = destination.name
            ORDER BY id
            LIMIT 1) AS waiting
        """;

    /// <summary>Brings both within their bounds.</summary>
    /// <exception cref="NpgsqlException">The database is away; what was done is done.</exception>
    public async Task<OutboxChanges> RunAsync(OutboxLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var dead = new List<(Guid, string, long)>();
        await BuryAsync(dead, TooOld, "It waited too long.", new() { Value = limits.LongestWait }, cancellationToken);
        await BuryAsync(dead, TooMuch, "Too much waited after it.", new() { Value = limits.MostBytes }, cancellationToken);
        var discarded = 0L;
        long piece;
        do
        {
            await using var command = database.CreateCommand(Discard);
            command.Parameters.AddRange(new NpgsqlParameter[]
            {
                new() { Value = Piece }, new() { Value = limits.DeadLetterAge }, new() { Value = limits.MostDeadLetters },
            });
            discarded += piece = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        while (piece == Piece);

        return new(dead, discarded);
    }

    /// <summary>The oldest frame of each destination for which anything waits.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<OldestFrame>> ReadOldestAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Oldest);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var oldest = new List<OldestFrame>();
        while (await reader.ReadAsync(cancellationToken))
        {
            oldest.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetTimeSpan(2)));
        }

        return oldest;
    }

    private async Task BuryAsync(
        List<(Guid, string, long)> dead, string which, string reason, NpgsqlParameter limit, CancellationToken cancellationToken)
    {
        var sql = Bury.Replace("{0}", which, StringComparison.Ordinal);
        long piece;
        do
        {
            piece = 0;
            await using var command = database.CreateCommand(sql);
            command.Parameters.AddRange(new[] { new() { Value = reason }, new() { Value = (long)Piece }, limit.Clone() });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                piece += reader.GetInt64(2);
                dead.Add((reader.GetGuid(0), reader.GetString(1), reader.GetInt64(2)));
            }
        }
        while (piece > 0);
    }
}
