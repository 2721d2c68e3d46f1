using Npgsql;
using NpgsqlTypes;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>Which detections; null takes all.</summary>
/// <param name="CameraId">Of this camera.</param>
/// <param name="SiteId">Of this site.</param>
/// <param name="DeploymentId">Of this deployment.</param>
/// <param name="ClassName">Of exactly this class.</param>
/// <param name="MinimumConfidence">At least this sure, 0 to 1.</param>
/// <param name="From">In frames taken at or after this instant.</param>
/// <param name="To">In frames taken before this instant.</param>
/// <param name="IsShadow">What versions found that looked along unseen, instead of what counts.</param>
public sealed record DetectionFilter(
    Guid? CameraId = null,
    Guid? SiteId = null,
    Guid? DeploymentId = null,
    string? ClassName = null,
    double? MinimumConfidence = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    bool IsShadow = false);

/// <summary>Lists of detections.</summary>
public sealed class DetectionQueries(NpgsqlDataSource database)
{
    // A condition whose parameter is null folds away when the statement is planned.
    private const string Sql = """
        SELECT
            id,
            camera_id,
            site_id,
            deployment_id,
            model_id,
            frame_time,
            frame_number,
            track_id,
            class_id,
            class_name,
            confidence,
            x,
            y,
            width,
            height
        FROM detections
        WHERE ($1 IS NULL OR camera_id = $1)
            AND ($2 IS NULL OR site_id = $2)
            AND ($3 IS NULL OR deployment_id = $3)
            AND ($4 IS NULL OR class_name = $4)
            AND ($5 IS NULL OR confidence >= $5)
            AND ($6 IS NULL OR frame_time >= $6)
            AND ($7 IS NULL OR frame_time < $7)
            AND ($8 IS NULL OR (frame_time, id) < ($8, $9))
        ORDER BY
            frame_time DESC,
            id DESC
        LIMIT $10
        """;

    private static readonly string ShadowSql = Sql.Replace("FROM detections", "FROM shadow_detections", StringComparison.Ordinal);

    /// <summary>Detections, latest frame first.</summary>
    /// <exception cref="FleetRefusedException">A filter or the page cannot be taken, or the database is away.</exception>
    public Task<Page<Detection>> ListAsync(
        DetectionFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var after = page.Check();
        if (filter.MinimumConfidence is < 0 or > 1 or double.NaN)
        {
            throw new FleetRefusedException(RefusalKind.Invalid, "min_confidence", "min_confidence must be 0 to 1.");
        }

        return DatabaseOutage.GuardAsync(() => ReadAsync(filter, page, after, cancellationToken));
    }

    private static Detection Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        CameraId = row.GetGuid(1),
        SiteId = row.GetGuid(2),
        DeploymentId = row.GetGuid(3),
        ModelId = row.GetGuid(4),
        FrameTime = row.GetFieldValue<DateTimeOffset>(5),
        FrameNumber = row.GetInt64(6),
        TrackId = row.IsDBNull(7) ? null : row.GetInt64(7),
        ClassId = row.GetInt32(8),
        ClassName = row.GetString(9),
        Confidence = row.GetFloat(10),
        X = row.GetFloat(11),
        Y = row.GetFloat(12),
        Width = row.GetFloat(13),
        Height = row.GetFloat(14),
    };

    private static NpgsqlParameter Parameter(NpgsqlDbType type, object? value) =>
        new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };

    private async Task<Page<Detection>> ReadAsync(
        DetectionFilter filter, PageRequest page, PageCursor? after, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(filter.IsShadow ? ShadowSql : Sql);
        command.Parameters.AddRange(new[]
        {
            Parameter(NpgsqlDbType.Uuid, filter.CameraId),
            Parameter(NpgsqlDbType.Uuid, filter.SiteId),
            Parameter(NpgsqlDbType.Uuid, filter.DeploymentId),
            Parameter(NpgsqlDbType.Text, filter.ClassName),

            // The column is REAL: compared as such, a confidence of 0.7 passes a limit of 0.7.
            Parameter(NpgsqlDbType.Real, (float?)filter.MinimumConfidence),
            Parameter(NpgsqlDbType.TimestampTz, filter.From?.ToUniversalTime()),
            Parameter(NpgsqlDbType.TimestampTz, filter.To?.ToUniversalTime()),
            Parameter(NpgsqlDbType.TimestampTz, after?.Time),
            Parameter(NpgsqlDbType.Uuid, after?.Id),
            Parameter(NpgsqlDbType.Integer, page.Limit + 1),
        });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<Detection>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(Read(reader));
        }

        return page.Cut(found, detection => new(detection.FrameTime, detection.Id));
    }
}
