using System.Data;
using System.Globalization;
using Npgsql;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>
/// The daily partitions of <c>detections</c>, from midnight to midnight UTC. A row of a day without partition lies in the
/// default one; it moves when its day gets its own.
/// </summary>
public sealed class DetectionPartitions(NpgsqlDataSource database)
{
    // Any number that nobody else uses: only one process at a time looks after partitions.
    private const long AdvisoryLock = 0x4F41_4644_5041_5254;

    private const string SelectPartitions = """
        SELECT
            c.oid::regclass::text AS name,
            (regexp_match(b.bounds, 'FROM \(''([^'']+)''\)'))[1]::timestamptz AS lower,
            (regexp_match(b.bounds, 'TO \(''([^'']+)''\)'))[1]::timestamptz AS upper,
            b.bounds = 'DEFAULT' AS is_default
        FROM pg_inherits i
        JOIN pg_class c ON c.oid = i.inhrelid
        CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, c.oid) AS bounds) b
        WHERE i.inhparent = 'detections'::regclass
        """;

    // A partition stays while any site keeps its day.
    private const string SelectLongest = "SELECT GREATEST($1, COALESCE(MAX(detections_retention_days), 0)) FROM sites";

    /// <summary>
    /// Makes the partitions of today and the days ahead, and of earlier days that have rows in the default partition; drops
    /// those that end before retention. Does nothing where another process is at it.
    /// </summary>
    /// <returns>What was changed, or null where another process is at it.</returns>
    /// <exception cref="NpgsqlException">The database is away, or a lock was not to be had in time; try again later.</exception>
    public async Task<PartitionChanges?> MaintainAsync(
        DateOnly today, DetectionRetentionOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await ScalarAsync(connection, "SELECT pg_try_advisory_lock($1)", cancellationToken, AdvisoryLock) is not true)
        {
            return null;
        }

        try
        {
            var longest = (int)(await ScalarAsync(connection, SelectLongest, cancellationToken, options.RetentionDays))!;
            var first = today.AddDays(-longest);
            var partitions = await ReadAsync(connection, cancellationToken);
            var defaultName = partitions.FirstOrDefault(partition => partition.IsDefault)?.Name;
            var dropped = await DropAsync(connection, partitions, first, options, cancellationToken);
            var deleted = await DeleteExpiredAsync(connection, defaultName, first, cancellationToken);

            var days = await DaysInDefaultAsync(connection, defaultName, first, today, cancellationToken);
            var wanted = Enumerable.Range(0, options.DaysAhead + 1).Select(today.AddDays).Union(days).Order();
            List<string> made = [];
            long moved = 0;
            foreach (var day in wanted.Where(day => !partitions.Any(partition => partition.Overlaps(day))))
            {
                moved += await MakeAsync(connection, day, defaultName, options, cancellationToken);
                made.Add(NameOf(day));
            }

            return new(made, dropped, moved, deleted);
        }
        finally
        {
            // A connection that broke has lost its lock; asking it would only hide why.
            if (connection.State == ConnectionState.Open)
            {
                await ScalarAsync(connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None, AdvisoryLock);
            }
        }
    }

    // A table beside, filled, then attached: the parent stays writable all the while, only the default partition is locked.
    private static async Task<long> MakeAsync(
        NpgsqlConnection connection,
        DateOnly day,
        string? defaultName,
        DetectionRetentionOptions options,
        CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LimitLocksAsync(connection, options, cancellationToken);
        var (name, from, to) = (NameOf(day), BoundOf(day), BoundOf(day.AddDays(1)));
        long moved = 0;
        if (defaultName is not null)
        {
            await ExecuteAsync(connection, $"LOCK TABLE {defaultName} IN ACCESS EXCLUSIVE MODE", cancellationToken);
        }

        await ExecuteAsync(connection, $"CREATE TABLE {name} (LIKE detections INCLUDING ALL)", cancellationToken);
        if (defaultName is not null)
        {
            moved = await ExecuteAsync(
                connection,
                $"""
                WITH moved AS (
                    DELETE FROM {defaultName} WHERE frame_time >= '{from}' AND frame_time < '{to}' RETURNING *)
                INSERT INTO {name} SELECT * FROM moved
                """,
                cancellationToken);
        }

        await ExecuteAsync(
            connection,
            $"ALTER TABLE detections ATTACH PARTITION {name} FOR VALUES FROM ('{from}') TO ('{to}')",
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return moved;
    }

    private static async Task<List<string>> DropAsync(
        NpgsqlConnection connection,
        IEnumerable<Partition> partitions,
        DateOnly first,
        DetectionRetentionOptions options,
        CancellationToken cancellationToken)
    {
        List<string> dropped = [];
        foreach (var partition in partitions.Where(partition => partition.Upper <= StartOf(first)))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await LimitLocksAsync(connection, options, cancellationToken);
            await ExecuteAsync(connection, $"DROP TABLE {partition.Name}", cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            dropped.Add(partition.Name);
        }

        return dropped;
    }

    private static async Task<long> DeleteExpiredAsync(
        NpgsqlConnection connection, string? defaultName, DateOnly first, CancellationToken cancellationToken) =>
        defaultName is null
            ? 0
            : await ExecuteAsync(
                connection, $"DELETE FROM {defaultName} WHERE frame_time < '{BoundOf(first)}'", cancellationToken);

    private static async Task<List<DateOnly>> DaysInDefaultAsync(
        NpgsqlConnection connection,
        string? defaultName,
        DateOnly first,
        DateOnly today,
        CancellationToken cancellationToken)
    {
        List<DateOnly> days = [];
        if (defaultName is null)
        {
            return days;
        }

        // One look into the primary key per day instead of all its rows.
        for (var day = first; day < today; day = day.AddDays(1))
        {
            var sql = $"""
                SELECT EXISTS (
                    SELECT FROM {defaultName}
                    WHERE frame_time >= '{BoundOf(day)}' AND frame_time < '{BoundOf(day.AddDays(1))}')
                """;
            if (await ScalarAsync(connection, sql, cancellationToken) is true)
            {
                days.Add(day);
            }
        }

        return days;
    }

    private static async Task<List<Partition>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SelectPartitions, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<Partition> partitions = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            partitions.Add(new(
                reader.GetString("name"),
                reader.IsDBNull("lower") ? null : reader.GetDateTime("lower"),
                reader.IsDBNull("upper") ? null : reader.GetDateTime("upper"),
                reader.GetBoolean("is_default")));
        }

        return partitions;
    }

    private static async Task LimitLocksAsync(
        NpgsqlConnection connection, DetectionRetentionOptions options, CancellationToken cancellationToken) =>
        await ScalarAsync(
            connection,
            "SELECT set_config('lock_timeout', $1, true)",
            cancellationToken,
            options.LockTimeout.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture) + "ms");

    private static async Task<object?> ScalarAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return await command.ExecuteScalarAsync(cancellationToken);
    }

    // Definitions take no parameters; all that is put into the text here is a date of ours or a name that PostgreSQL quoted.
    private static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string NameOf(DateOnly day) =>
        "detections_" + day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static string BoundOf(DateOnly day) =>
        day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + " 00:00:00+00";

    private static DateTime StartOf(DateOnly day) => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    private sealed record Partition(string Name, DateTime? Lower, DateTime? Upper, bool IsDefault)
    {
        // A bound that is no instant (MINVALUE, MAXVALUE) reaches as far as it can.
        public bool Overlaps(DateOnly day) =>
            !IsDefault
            && (Lower is null || Lower < StartOf(day.AddDays(1)))
            && (Upper is null || Upper > StartOf(day));
    }
}

/// <summary>What one look after the partitions changed.</summary>
/// <param name="Made">Names of new partitions.</param>
/// <param name="Dropped">Names of those past retention.</param>
/// <param name="MovedRows">Rows that left the default partition for their day's.</param>
/// <param name="DeletedRows">Rows of the default partition past retention.</param>
public sealed record PartitionChanges(
    IReadOnlyList<string> Made, IReadOnlyList<string> Dropped, long MovedRows, long DeletedRows);
