using FsCheck.Xunit;

using OrleansAiFleet.Metrics;

namespace OrleansAiFleet.Grains.Tests.Metrics;

public sealed class WindowReportsTests
{
    private static readonly DateTimeOffset Late = Reports.Window.End.AddSeconds(30);

    [Fact]
    public void Totals_of_a_later_report_take_the_place_of_the_earlier()
    {
        var reports = new WindowReports();

        Assert.True(reports.Take(Reports.Of(Reports.Window, reporter: 1, sequence: 1, frames: 10)));
        Assert.True(reports.Take(Reports.Of(Reports.Window, reporter: 1, sequence: 2, frames: 25)));
        Assert.True(reports.Take(Reports.Of(Reports.Window, reporter: 2, sequence: 1, frames: 5)));

        Assert.Equal(30, reports.Total().FramesInferred);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Report_that_comes_again_or_too_late_changes_nothing(long sequence)
    {
        var reports = new WindowReports();
        reports.Take(Reports.Of(Reports.Window, reporter: 1, sequence: 2, frames: 25));

        Assert.False(reports.Take(Reports.Of(Reports.Window, reporter: 1, sequence, frames: 99)));

        Assert.Equal(25, reports.Total().FramesInferred);
    }

    [Property]
    public void Reports_in_any_order_and_number_give_the_same_row((byte Reporter, byte Sequence)[] sent, int seed)
    {
        var reports = sent.Select(each => Report(each.Reporter % 5, each.Sequence)).ToArray();
        var shuffled = reports.Concat(reports.Take(reports.Length / 2)).ToArray();
        new Random(seed).Shuffle(shuffled);

        Assert.Equal(Row(reports), Row(shuffled));
    }

    [Property]
    public void Merging_totals_is_commutative(byte left, byte right) =>
        Assert.Equal(Row(Totals(left) + Totals(right)), Row(Totals(right) + Totals(left)));

    [Property]
    public void Merging_totals_is_associative(byte first, byte second, byte third) =>
        Assert.Equal(
            Row(Totals(first) + Totals(second) + Totals(third)), Row(Totals(first) + (Totals(second) + Totals(third))));

    [Property]
    public void Nothing_added_changes_nothing(byte seed) =>
        Assert.Equal(Row(Totals(seed)), Row(new WindowTotals() + Totals(seed)));

    // A reporter's totals only grow, and a report is known by its sequence.
    private static WindowReport Report(int reporter, byte sequence) =>
        Reports.Of(Reports.Window, reporter, sequence, frames: (sequence * 3) + reporter);

    // Quarters and whole numbers: their sums are exact, so a difference is a fault and not a rounding.
    private static WindowTotals Totals(byte seed) => Reports.Totals(seed) with
    {
        FramesSkipped = [.. Enumerable.Range(0, seed % 9).Select(reason => (long)(seed + reason))],
        InferenceErrors = seed % 7,
        CpuPercent = seed % 2 == 0 ? default : default(Gauge).With(seed / 4.0).With(seed / 2.0),
        MemoryBytes = default(Gauge).With(seed * 1e8),
        DiskReadBytes = seed * 1_000_000,
    };

    private static PerformanceMetrics Row(WindowTotals totals) =>
        WindowPolicy.Row(Reports.Window, totals, before: null, close: true, Late);

    private static PerformanceMetrics Row(IEnumerable<WindowReport> reports)
    {
        var taken = new WindowReports();
        taken.Take(reports);
        return Row(taken.Total());
    }
}
