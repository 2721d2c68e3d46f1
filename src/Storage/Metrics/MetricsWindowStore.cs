using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Metrics;

/// <summary>
/// The state of a window: its row, and the reports it is made of, which are read and never written. Writing a closed
/// row notes for each report that the row counts it; a report that comes later makes the window unsettled again.
/// </summary>
internal sealed class MetricsWindowStore(IDbContextFactory<FleetContext> contexts, NpgsqlDataSource database)
    : IStateStore<MetricsWindow>
{
    private const string ReadReportsSql = """
        SELECT
            reporter,
            sequence,
            totals
        FROM metric_window_reports
        WHERE deployment_id = $1
            AND window_start = $2
        ORDER BY reporter
        """;

    // One row per statement: locks of several reports are never held together.
    private const string NoteSettledSql = """
        UPDATE metric_window_reports
        SET settled_sequence = sequence
        WHERE deployment_id = $1
            AND window_start = $2
            AND reporter = $3
            AND sequence = $4
            AND settled_sequence < sequence
        """;

    private readonly RowTable<PerformanceMetrics> _table = new(contexts);

    public async Task ReadAsync(GrainId grain, IGrainState<MetricsWindow> state)
    {
        var window = KeyOf(grain);
        var found = await _table.FindAsync(WindowRowId.Of(window));
        Take(state, found, await ReadReportsAsync(window));
    }

    public async Task WriteAsync(GrainId grain, IGrainState<MetricsWindow> state)
    {
        if (state.State is not { Row: { } row } before)
        {
            return;
        }

        var window = KeyOf(grain);
        var id = WindowRowId.Of(window);
        var written = await _table.WriteAsync(
            id, row with { Id = id, DeploymentId = window.DeploymentId, MetricTimestamp = window.Start }, state.ETag);
        Take(state, written, before.Reports);
        if (written.Row.ClosedAt is not null)
        {
            await NoteSettledAsync(window, before.Reports);
        }
    }

    public async Task ClearAsync(GrainId grain, IGrainState<MetricsWindow> state)
    {
        if (state.ETag is not null)
        {
            await _table.DeleteAsync(WindowRowId.Of(KeyOf(grain)), state.ETag);
        }

        Take(state, null, []);
    }

    private static WindowKey KeyOf(GrainId grain) => WindowKey.Parse(grain.Key.ToString()!);

    private static void Take(
        IGrainState<MetricsWindow> state, VersionedRow<PerformanceMetrics>? found, WindowReport[] reports)
    {
        state.State = new() { Row = found?.Row, Reports = reports };
        state.ETag = found?.Version!;
        state.RecordExists = found is not null;
    }

    private async Task<WindowReport[]> ReadReportsAsync(WindowKey window)
    {
        await using var command = database.CreateCommand(ReadReportsSql);
        command.Parameters.Add(new() { Value = window.DeploymentId });
        command.Parameters.Add(new() { Value = window.Start });
        await using var reader = await command.ExecuteReaderAsync();
        var reports = new List<WindowReport>();
        while (await reader.ReadAsync())
        {
            reports.Add(new()
            {
                Window = window,
                Reporter = reader.GetGuid(0),
                Sequence = reader.GetInt64(1),
                Totals = JsonSerializer.Deserialize<WindowTotals>(reader.GetString(2), FleetJson.Options)!,
            });
        }

        return [.. reports];
    }

    private async Task NoteSettledAsync(WindowKey window, WindowReport[] reports)
    {
        foreach (var report in reports)
        {
            await using var command = database.CreateCommand(NoteSettledSql);
            command.Parameters.Add(new() { Value = window.DeploymentId });
            command.Parameters.Add(new() { Value = window.Start });
            command.Parameters.Add(new() { Value = report.Reporter });
            command.Parameters.Add(new() { Value = report.Sequence });
            await command.ExecuteNonQueryAsync();
        }
    }
}
