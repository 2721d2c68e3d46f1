using Npgsql;
using OrleansAiFleet.Detections;

namespace OrleansAiFleet.Benchmarks.Detections;

/// <summary>
/// Detections by binary COPY, one command and one commit a batch: the fastest way into PostgreSQL, and no way for the
/// fleet, because a batch that comes again makes it fail.
/// </summary>
internal static class CopiedRows
{
    private const string Copy = """
        COPY detections (
            id, camera_id, site_id, deployment_id, model_id, frame_time, frame_number, track_id,
            class_id, class_name, confidence, x, y, width, height)
        FROM STDIN (FORMAT BINARY)
        """;

    /// <summary>Stores one batch.</summary>
    public static async Task StoreAsync(
        NpgsqlDataSource database, IReadOnlyList<Detection> rows, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var import = await connection.BeginBinaryImportAsync(Copy, cancellationToken);
        foreach (var row in rows)
        {
            await WriteAsync(import, row, cancellationToken);
        }

        await import.CompleteAsync(cancellationToken);
    }

    // Typed, so that nothing is boxed: the limit is to be one.
    private static async Task WriteAsync(NpgsqlBinaryImporter import, Detection row, CancellationToken cancellationToken)
    {
        var types = DetectionColumns.Types;
        await import.StartRowAsync(cancellationToken);
        await import.WriteAsync(row.Id, types[0], cancellationToken);
        await import.WriteAsync(row.CameraId, types[1], cancellationToken);
        await import.WriteAsync(row.SiteId, types[2], cancellationToken);
        await import.WriteAsync(row.DeploymentId, types[3], cancellationToken);
        await import.WriteAsync(row.ModelId, types[4], cancellationToken);
        await import.WriteAsync(row.FrameTime.UtcDateTime, types[5], cancellationToken);
        await import.WriteAsync(row.FrameNumber, types[6], cancellationToken);
        await import.WriteAsync(row.TrackId!.Value, types[7], cancellationToken);
        await import.WriteAsync(row.ClassId, types[8], cancellationToken);
        await import.WriteAsync(row.ClassName, types[9], cancellationToken);
        await import.WriteAsync(row.Confidence, types[10], cancellationToken);
        await import.WriteAsync(row.X, types[11], cancellationToken);
        await import.WriteAsync(row.Y, types[12], cancellationToken);
        await import.WriteAsync(row.Width, types[13], cancellationToken);
        await import.WriteAsync(row.Height, types[14], cancellationToken);
    }
}
