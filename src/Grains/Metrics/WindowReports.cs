namespace OrleansAiFleet.Metrics;

/// <summary>The latest report of each reporter of one window. In which order they come, and how often, changes nothing.</summary>
internal sealed class WindowReports
{
    private readonly Dictionary<Guid, WindowReport> _latest = [];

    /// <summary>Nobody reported.</summary>
    public bool IsEmpty => _latest.Count == 0;

    /// <summary>Takes a report. False where its reporter reported this or something later before.</summary>
    public bool Take(WindowReport report)
    {
        if (_latest.TryGetValue(report.Reporter, out var known) && known.Sequence >= report.Sequence)
        {
            return false;
        }

        _latest[report.Reporter] = report;
        return true;
    }

    /// <summary>Takes many reports. True where one of them said something new.</summary>
    public bool Take(IEnumerable<WindowReport> reports)
    {
        var news = false;
        foreach (var report in reports)
        {
            news |= Take(report);
        }

        return news;
    }

    /// <summary>The window's totals.</summary>
    /// <remarks>Added in the order of the reporters' ids: sums of doubles depend on their order in the last digit.</remarks>
    public WindowTotals Total() =>
        _latest.Values.OrderBy(report => report.Reporter).Aggregate(new WindowTotals(), (sum, report) => sum + report.Totals);
}
