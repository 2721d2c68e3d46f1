using Npgsql;
using NpgsqlTypes;
using OrleansAiFleet.Detections;

namespace OrleansAiFleet.Benchmarks.Detections;

/// <summary>Detections stored one by one: a prepared statement, a commit for each, on one connection or several.</summary>
internal static class RowInserts
{
    private const string Insert = """
        INSERT INTO detections (
            id, camera_id, site_id, deployment_id, model_id, frame_time, frame_number, track_id,
            class_id, class_name, confidence, x, y, width, height)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Shares the rows between so many connections and waits until all are committed.</summary>
    public static Task StoreAsync(
        NpgsqlDataSource database, Detection[] rows, int connections, CancellationToken cancellationToken) =>
        Task.WhenAll(rows.Chunk((rows.Length + connections - 1) / connections)
            .Select(share => StoreAsync(database, share, cancellationToken)));

    private static async Task StoreAsync(NpgsqlDataSource database, Detection[] rows, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Insert, connection);
        foreach (var type in DetectionColumns.Types)
        {
            command.Parameters.Add(new() { NpgsqlDbType = type });
        }

        await command.PrepareAsync(cancellationToken);
        foreach (var row in rows)
        {
            var values = DetectionColumns.Of(row);
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i];
            }

            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}

/// <summary>A detection as the columns of its table, in the order of the statements here.</summary>
internal static class DetectionColumns
{
    public static IReadOnlyList<NpgsqlDbType> Types { get; } =
    [
        NpgsqlDbType.Uuid, NpgsqlDbType.Uuid, NpgsqlDbType.Uuid, NpgsqlDbType.Uuid, NpgsqlDbType.Uuid,
        NpgsqlDbType.TimestampTz, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Integer, NpgsqlDbType.Text,
        NpgsqlDbType.Real, NpgsqlDbType.Real, NpgsqlDbType.Real, NpgsqlDbType.Real, NpgsqlDbType.Real,
    ];

    public static object[] Of(Detection row) =>
    [
        row.Id, row.CameraId, row.SiteId, row.DeploymentId, row.ModelId, row.FrameTime.UtcDateTime, row.FrameNumber,
        (object?)row.TrackId ?? DBNull.Value, row.ClassId, row.ClassName, row.Confidence, row.X, row.Y, row.Width, row.Height,
    ];
}
