using System.Text.Json;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Metrics;

public sealed class MetricsWindowStoreTests(FleetDatabase database) : IClassFixture<FleetDatabase>, IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FleetGrainStorage _storage = database.Storage;
    private WindowKey _window;

    public async Task InitializeAsync()
    {
        var site = await database.StoreAsync(Rows.Site());
        var deployment = await database.StoreAsync(Rows.Deployment(await database.StoreAsync(Rows.Model()), site));
        _window = new(deployment.Id, Start);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Window_reads_stored_reports_before_it_has_a_row()
    {
        var reporter = Guid.NewGuid();
        await ReportAsync(reporter, sequence: 3, frames: 70);

        var state = await ReadAsync();

        Assert.False(state.RecordExists);
        Assert.Null(state.State!.Row);
        var report = Assert.Single(state.State.Reports);
        Assert.Equal((reporter, 3L, 70L, _window), (report.Reporter, report.Sequence, report.Totals.FramesDecoded, report.Window));
        Assert.Equal([10L, 20L], report.Totals.FramesSkipped);
        Assert.Equal(new Gauge(150, 3, 80), report.Totals.CpuPercent);
        Assert.Equal(2, report.Totals.Latency.Count);
    }

    [Fact]
    public async Task Row_gets_the_key_of_the_window_and_one_id_for_good()
    {
        var state = await ReadAsync();
        state.State = state.State! with { Row = new() { FramesDecoded = 5, DeploymentId = Guid.NewGuid() } };
        await WriteAsync(state);

        var read = (await ReadAsync()).State!.Row!;

        Assert.Equal((_window.DeploymentId, Start, 5L), (read.DeploymentId, read.MetricTimestamp, read.FramesDecoded));
        Assert.NotEqual(Guid.Empty, read.Id);
        Assert.Equal(read.Id, state.State.Row!.Id);
    }

    [Fact]
    public async Task Older_report_never_takes_the_place_of_a_newer_one()
    {
        var reporter = Guid.NewGuid();
        await ReportAsync(reporter, sequence: 5, frames: 500);

        await ReportAsync(reporter, sequence: 4, frames: 400);
        await ReportAsync(reporter, sequence: 5, frames: 555);

        var report = Assert.Single((await ReadAsync()).State!.Reports);
        Assert.Equal((5L, 500L), (report.Sequence, report.Totals.FramesDecoded));
    }

    [Fact]
    public async Task Window_is_unsettled_until_its_row_is_closed_and_again_after_a_late_report()
    {
        var reporter = Guid.NewGuid();
        await ReportAsync(reporter, sequence: 1, frames: 10);
        Assert.Contains(_window, await UnsettledAsync(Start + WindowKey.Length + TimeSpan.FromSeconds(1)));
        Assert.DoesNotContain(_window, await UnsettledAsync(Start + WindowKey.Length - TimeSpan.FromSeconds(1)));

        await SettleAsync(closedAt: null);
        Assert.Contains(_window, await UnsettledAsync(Start.AddHours(1)));

        await SettleAsync(closedAt: Start.AddMinutes(6));
        Assert.DoesNotContain(_window, await UnsettledAsync(Start.AddHours(1)));

        await ReportAsync(reporter, sequence: 2, frames: 20);
        Assert.Contains(_window, await UnsettledAsync(Start.AddHours(1)));

        await SettleAsync(closedAt: Start.AddMinutes(6));
        Assert.DoesNotContain(_window, await UnsettledAsync(Start.AddHours(1)));
    }

    [Fact]
    public async Task Report_that_came_while_the_row_was_made_stays_unsettled()
    {
        var reporter = Guid.NewGuid();
        await ReportAsync(reporter, sequence: 1, frames: 10);
        var state = await ReadAsync();
        await ReportAsync(reporter, sequence: 2, frames: 20);

        state.State = state.State! with { Row = new() { FramesDecoded = 10, ClosedAt = Start.AddMinutes(6) } };
        await WriteAsync(state);

        Assert.Contains(_window, await UnsettledAsync(Start.AddHours(1)));
    }

    [Fact]
    public async Task Oldest_unsettled_windows_come_first_and_no_more_than_asked()
    {
        for (var i = 3; i > 0; i--)
        {
            _window = _window with { Start = Start.AddYears(-20).AddMinutes(5 * i) };
            await ReportAsync(Guid.NewGuid(), sequence: 1, frames: 1);
        }

        var reader = database.Get<IUnsettledWindowReader>();
        var windows = await reader.ReadUnsettledAsync(Start.AddYears(-19), 2, CancellationToken.None);

        Assert.Equal([_window, _window with { Start = _window.Start.AddMinutes(5) }], windows);
    }

    [Fact]
    public void Row_id_depends_on_deployment_and_start()
    {
        var id = Storage.Metrics.WindowRowId.Of(_window);

        Assert.Equal(id, Storage.Metrics.WindowRowId.Of(WindowKey.Parse(_window.ToString())));
        Assert.NotEqual(id, Storage.Metrics.WindowRowId.Of(_window with { Start = Start.AddMinutes(5) }));
        Assert.NotEqual(id, Storage.Metrics.WindowRowId.Of(_window with { DeploymentId = Guid.NewGuid() }));
        Assert.Equal('8', id.ToString()[14]);
    }

    private static WindowTotals Totals(long frames)
    {
        var recorder = new LatencyRecorder();
        recorder.Record(10);
        recorder.Record(20);
        return new()
        {
            FramesDecoded = frames,
            FramesSkipped = [10, 20],
            CpuPercent = new(150, 3, 80),
            Latency = recorder.ToSketch(),
        };
    }

    private Task ReportAsync(Guid reporter, long sequence, long frames) => database.ExecuteAsync(
        """
        INSERT INTO metric_window_reports (deployment_id, window_start, reporter, sequence, totals)
        VALUES ($1, $2, $3, $4, $5::jsonb)
        ON CONFLICT (deployment_id, window_start, reporter) DO UPDATE
        SET sequence = EXCLUDED.sequence, totals = EXCLUDED.totals
        """,
        _window.DeploymentId,
        _window.Start,
        reporter,
        sequence,
        JsonSerializer.Serialize(Totals(frames), FleetJson.Options));

    private Task<IReadOnlyList<WindowKey>> UnsettledAsync(DateTimeOffset endedBefore) =>
        database.Get<IUnsettledWindowReader>().ReadUnsettledAsync(endedBefore, 1000, CancellationToken.None);

    private async Task SettleAsync(DateTimeOffset? closedAt)
    {
        var state = await ReadAsync();
        state.State = state.State! with { Row = new() { FramesDecoded = 10, ClosedAt = closedAt } };
        await WriteAsync(state);
    }

    private async Task<GrainState<MetricsWindow>> ReadAsync()
    {
        var state = new GrainState<MetricsWindow>();
        await _storage.ReadStateAsync(StateNames.MetricsWindow, Id, state);
        return state;
    }

    private Task WriteAsync(GrainState<MetricsWindow> state) =>
        _storage.WriteStateAsync(StateNames.MetricsWindow, Id, state);

    private GrainId Id => GrainId.Create("metrics-window", _window.ToString());
}
