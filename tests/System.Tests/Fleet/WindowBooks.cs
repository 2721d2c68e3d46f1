using Npgsql;

namespace OrleansAiFleet.System.Tests.Fleet;

/// <summary>What a deployment's windows say against what is stored of it.</summary>
internal sealed record WindowBooks(
    long Detections, long DistinctDetections, long WindowDetections, long Windows, long Decoded, long Inferred, long Skipped, long Lost, long Reported)
{
    private const string Sql = """
        SELECT (SELECT count(*) FROM detections WHERE deployment_id = $1),
               (SELECT count(DISTINCT (camera_id, frame_time, id)) FROM detections WHERE deployment_id = $1),
               coalesce(sum(total_detections), 0),
               count(*),
               coalesce(sum(frames_decoded), 0),
               coalesce(sum(frames_inferred), 0),
               coalesce(sum(frames_skipped_sampling + frames_skipped_no_motion + frames_skipped_superseded + frames_skipped_queue_full
                   + frames_skipped_timed_out + frames_skipped_model_not_ready + frames_skipped_failed + frames_skipped_stopped), 0),
               coalesce(sum(frames_lost), 0),
               (SELECT count(DISTINCT reporter) FROM metric_window_reports WHERE deployment_id = $1)
        FROM model_performance_metrics
        WHERE deployment_id = $1
        """;

    /// <summary>Frames of which it is not written down what became of them.</summary>
    public long Unaccounted => Decoded - Inferred - Skipped;

    /// <summary>Reads both sides in one statement.</summary>
    public static async Task<WindowBooks> ReadAsync(NpgsqlDataSource database, Guid deployment)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddWithValue(deployment);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6),
            row.GetInt64(7), row.GetInt64(8));
    }
}
