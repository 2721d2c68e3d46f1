using Npgsql;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>
/// Deletes detections of cameras, also those of versions that looked along unseen, a UTC day at a time: no transaction grows with how long
/// nobody did.
/// </summary>
internal static class DetectionRemoval
{
    // Camera by camera, as the index has them: one look into each partition, also for a camera of which nothing is left.
    private const string First = """
        SELECT min(oldest.frame_time)
        FROM unnest($1) AS camera (id)
        CROSS JOIN LATERAL (
            (SELECT frame_time FROM detections
            WHERE camera_id = camera.id AND frame_time >= $2 AND frame_time < $3 ORDER BY frame_time LIMIT 1)
            UNION ALL
            (SELECT frame_time FROM shadow_detections
            WHERE camera_id = camera.id AND frame_time >= $2 AND frame_time < $3 ORDER BY frame_time LIMIT 1)
            UNION ALL
            (SELECT frame_time FROM detection_marks
            WHERE camera_id = camera.id AND frame_time >= $2 AND frame_time < $3 ORDER BY frame_time LIMIT 1)) AS oldest
        """;

    // What still waits to be sent, or could not be, says when a camera saw something: it goes as well.
    private static readonly string[] Deletes =
    [
        """
        WITH waiting AS (
            DELETE FROM detection_outbox WHERE camera_id = ANY($1) AND frame_time >= $2 AND frame_time < $3
        ), undelivered AS (
            DELETE FROM detection_dead_letters WHERE camera_id = ANY($1) AND frame_time >= $2 AND frame_time < $3
        )
        DELETE FROM detections WHERE camera_id = ANY($1) AND frame_time >= $2 AND frame_time < $3
        """,
        """
        WITH marks AS (
            DELETE FROM detection_marks WHERE camera_id = ANY($1) AND frame_time >= $2 AND frame_time < $3
        )
        DELETE FROM shadow_detections WHERE camera_id = ANY($1) AND frame_time >= $2 AND frame_time < $3
        """,
    ];

    // What PostgreSQL can compare with and no detection is older than.
    private static readonly DateTime Beginning = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>
    /// Deletes what the cameras have between two moments on the first day on which they have detections, and marks of days before it whose
    /// detections are gone already.
    /// </summary>
    /// <returns>How many detections there were; 0 where there are none at all.</returns>
    public static async Task<int> DeleteFirstDayAsync(
        NpgsqlConnection connection, Guid[] cameras, DateTimeOffset? from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var first = Command(connection, First, cameras, from?.UtcDateTime ?? Beginning, to.UtcDateTime);
            if (await first.ExecuteScalarAsync(cancellationToken) is not DateTime start)
            {
                return 0;
            }

            var day = start.Date.AddDays(1);
            var deleted = await DeleteAsync(connection, cameras, start, day < to.UtcDateTime ? day : to.UtcDateTime, cancellationToken);
            if (deleted > 0)
            {
                return deleted;
            }
        }
    }

    private static async Task<int> DeleteAsync(
        NpgsqlConnection connection, Guid[] cameras, DateTime from, DateTime to, CancellationToken cancellationToken)
    {
        var deleted = 0;
        foreach (var sql in Deletes)
        {
            await using var delete = Command(connection, sql, cameras, from, to);
            deleted += await delete.ExecuteNonQueryAsync(cancellationToken);
        }

        return deleted;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, Guid[] cameras, DateTime from, DateTime to) =>
        new(sql, connection) { Parameters = { new() { Value = cameras }, new() { Value = from }, new() { Value = to } } };
}
