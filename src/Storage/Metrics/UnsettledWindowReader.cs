using Npgsql;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Metrics;

/// <summary>Finds windows with a report that no closed row counts yet, by an index over exactly those.</summary>
internal sealed class UnsettledWindowReader(NpgsqlDataSource database) : IUnsettledWindowReader
{
    private const string Sql = """
        SELECT
            deployment_id,
            window_start
        FROM metric_window_reports
        WHERE settled_sequence < sequence
            AND window_start < $1
        GROUP BY
            window_start,
            deployment_id
        ORDER BY
            window_start,
            deployment_id
        LIMIT $2
        """;

    public Task<IReadOnlyList<WindowKey>> ReadUnsettledAsync(
        DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(() => ReadAsync(endedBefore, limit, cancellationToken));

    private async Task<IReadOnlyList<WindowKey>> ReadAsync(
        DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = (endedBefore - WindowKey.Length).ToUniversalTime() });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var windows = new List<WindowKey>();
        while (await reader.ReadAsync(cancellationToken))
        {
            windows.Add(new(reader.GetGuid(0), await reader.GetFieldValueAsync<DateTimeOffset>(1, cancellationToken)));
        }

        return windows;
    }
}
