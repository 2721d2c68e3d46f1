using Orleans.Concurrency;

namespace OrleansAiFleet.Metrics;

/// <summary>
/// One five-minute window of one deployment. Key: <see cref="WindowKey"/>. Merges what workers report and writes the
/// window's row in <c>model_performance_metrics</c>.
/// </summary>
[Alias("Fleet.IMetricsWindowGrain")]
public interface IMetricsWindowGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes one worker's totals. A report whose sequence is not above the last one of its reporter changes nothing.
    /// The worker has stored the report already: a lost call loses nothing.
    /// </summary>
    [Alias("Report")]
    Task Report(WindowReport report);

    /// <summary>
    /// Reads the stored reports again and brings the row up to date: closes it where its end and grace have passed, amends
    /// it where a report came later. Idempotent; called for windows that nobody reports to any more.
    /// </summary>
    [Alias("Settle")]
    Task Settle();

    /// <summary>The row as it stands, or null where nothing was reported.</summary>
    [Alias("Get"), ReadOnly]
    Task<PerformanceMetrics?> Get();
}
