using Orleans.Storage;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Metrics;

namespace OrleansAiFleet.Grains.Tests.Metrics;

public sealed class MetricsWindowGrainTests : IAsyncLifetime
{
    private static readonly TimeSpan ToClose = WindowKey.Length + TimeSpan.FromSeconds(30);

    private readonly WindowKey _key = WindowKey.For(Guid.NewGuid(), ControlCluster.Start);
    private ControlCluster _cluster = null!;

    private IMetricsWindowGrain Window => _cluster.Grains.GetGrain<IMetricsWindowGrain>(_key.ToString());

    private PerformanceMetrics? Row => _cluster.Store.Row<MetricsWindow>(Window, StateNames.MetricsWindow)?.Row;

    public async Task InitializeAsync() => _cluster = await ControlCluster.StartAsync(control: 2);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Window_that_nobody_reported_is_null()
    {
        await Window.Settle();

        Assert.Null(await Window.Get());
        Assert.Null(Row);
    }

    [Fact]
    public async Task Open_window_is_written_at_most_once_an_interval()
    {
        for (var sequence = 1; sequence <= 50; sequence++)
        {
            await Send(reporter: 1, sequence, frames: sequence);
        }

        Assert.Null(Row);
        Assert.Equal(50, (await Window.Get())!.FramesInferred);

        _cluster.Clock.Advance(TimeSpan.FromSeconds(5));
        await WaitUntil.True(() => Row is not null, "the row is written");

        Assert.Equal((50, 1), (Row!.FramesInferred, _cluster.Store.Writes));
        Assert.Null(Row.ClosedAt);
    }

    [Fact]
    public async Task Window_closes_after_its_end_and_grace_with_reports_that_came_another_way()
    {
        await Send(reporter: 1, sequence: 1, frames: 10);
        _cluster.Store.StoreReport(Reports.Of(_key, reporter: 2, sequence: 1, frames: 7));

        _cluster.Clock.Advance(ToClose);
        await WaitUntil.True(() => Row?.ClosedAt is not null, "the window is closed");

        Assert.Equal(17, Row!.FramesInferred);
        Assert.Equal(ControlCluster.Start + ToClose, Row.ClosedAt);
    }

    [Fact]
    public async Task Report_after_the_close_amends_the_row_and_leaves_it_closed()
    {
        await Send(reporter: 1, sequence: 1, frames: 10);
        _cluster.Clock.Advance(ToClose);
        await WaitUntil.True(() => Row?.ClosedAt is not null, "the window is closed");
        var closed = Row!;

        await Send(reporter: 1, sequence: 2, frames: 12);

        await _cluster.Passing(() => Task.FromResult(Row!.FramesInferred == 12), "the row is amended");
        Assert.Equal((closed.ClosedAt, closed.CreatedAt, closed.Id), (Row!.ClosedAt, Row.CreatedAt, Row.Id));
        Assert.True(Row.CalculatedAt > closed.CalculatedAt, $"calculated at {Row.CalculatedAt}");
    }

    [Fact]
    public async Task Settling_twice_gives_one_row_with_the_same_numbers()
    {
        await Send(reporter: 1, sequence: 1, frames: 10);
        _cluster.Clock.Advance(ToClose);

        await Window.Settle();
        var first = Row!;
        await Window.Settle();

        Assert.Equal(first, Row! with { CalculatedAt = first.CalculatedAt });
    }

    [Fact]
    public async Task Window_outlives_the_silo_that_held_it()
    {
        await Send(reporter: 1, sequence: 1, frames: 10);
        await Send(reporter: 2, sequence: 4, frames: 30);

        await _cluster.KillAsync((await _cluster.WhereIs(Window))!);

        _cluster.Clock.Advance(ToClose);
        await _cluster.Passing(() => Task.FromResult(Row?.ClosedAt is not null), "the window is closed on another silo");
        Assert.Equal((40, 120, 40), (Row!.FramesInferred, Row.FramesDecoded, Row.TotalDetections));
    }

    [Fact]
    public async Task Window_whose_reports_never_reached_it_is_settled_from_the_store()
    {
        _cluster.Store.StoreReport(Reports.Of(_key, reporter: 1, sequence: 9, frames: 11));

        _cluster.Clock.Advance(ToClose);
        await _cluster.Passing(() => Task.FromResult(Row?.ClosedAt is not null), "the sweeper settles the window");

        Assert.Equal(11, Row!.FramesInferred);
    }

    [Fact]
    public async Task What_a_worker_stored_and_did_not_get_to_say_counts_soon_after_it_is_gone()
    {
        var worker = await _cluster.StartWorkerAsync();
        _cluster.Store.StoreReport(Reports.Of(_key, reporter: 1, sequence: 9, frames: 11));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(31));
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        Assert.Null(Row);

        await _cluster.KillAsync(worker);
        await _cluster.Passing(() => Task.FromResult(Row is not null), "the open window has it");

        Assert.Equal((11, null), (Row!.FramesInferred, Row.ClosedAt));
        Assert.True(_cluster.Clock.GetUtcNow() < _key.End);
    }

    [Fact]
    public async Task Row_that_another_activation_wrote_is_read_again_and_written_with_what_both_know()
    {
        await Send(reporter: 1, sequence: 1, frames: 10);
        await Window.Settle();
        _cluster.Store.StoreReport(Reports.Of(_key, reporter: 2, sequence: 1, frames: 5));
        _cluster.Store.Overwrite(Window, StateNames.MetricsWindow, new MetricsWindow { Row = Row });

        await Send(reporter: 1, sequence: 2, frames: 20);

        await _cluster.Passing(() => Task.FromResult(Row!.FramesInferred == 25), "both reporters are in the row");
    }

    [Fact]
    public async Task Database_that_is_away_delays_the_row_and_loses_nothing()
    {
        _cluster.Store.OnWrite = _ => new TimeoutException("the database is away");
        await Send(reporter: 1, sequence: 1, frames: 10);
        _cluster.Clock.Advance(ToClose);
        Assert.Equal(10, (await Window.Get())!.FramesInferred);
        Assert.Null(Row);

        _cluster.Store.OnWrite = _ => null;

        await _cluster.Passing(() => Task.FromResult(Row?.ClosedAt is not null), "the window is closed when it is back");
        Assert.Equal(10, Row!.FramesInferred);
    }

    [Fact]
    public async Task Window_contested_for_good_gives_up_and_is_settled_later()
    {
        _cluster.Store.OnWrite = row => row is MetricsWindow ? new InconsistentStateException("contested", "1", "2") : null;
        await Send(reporter: 1, sequence: 1, frames: 10);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(5));
        await WaitUntil.True(async () => await _cluster.WhereIs(Window) is null, "the activation goes");

        _cluster.Store.OnWrite = _ => null;

        _cluster.Clock.Advance(ToClose);
        await _cluster.Passing(() => Task.FromResult(Row?.ClosedAt is not null), "the window is settled");
        Assert.Equal(10, Row!.FramesInferred);
    }

    [Fact]
    public async Task Row_whose_reports_are_gone_keeps_what_they_said()
    {
        var row = WindowPolicy.Row(_key, Reports.Totals(33), before: null, close: false, ControlCluster.Start.AddMinutes(1));
        _cluster.Store.Overwrite(Window, StateNames.MetricsWindow, new MetricsWindow { Row = row });
        _cluster.Clock.Advance(ToClose);

        await Window.Settle();

        Assert.Equal(33, Row!.FramesInferred);
        Assert.NotNull(Row.ClosedAt);
    }

    [Fact]
    public async Task Report_of_another_window_is_refused()
    {
        var other = new WindowKey(_key.DeploymentId, _key.End);

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(
            () => Window.Report(Reports.Of(other, reporter: 1, sequence: 1, frames: 1)));

        Assert.Equal("window", refused.Field);
    }

    // As a worker does: stored first, then told.
    private async Task Send(int reporter, long sequence, long frames)
    {
        var report = Reports.Of(_key, reporter, sequence, frames);
        _cluster.Store.StoreReport(report);
        await Window.Report(report);
    }
}
