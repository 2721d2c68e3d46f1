namespace OrleansAiFleet.Metrics;

/// <summary>
/// The stored state of one window: its row in <c>model_performance_metrics</c> and the reports it is made of, in
/// <c>metric_window_reports</c>. Workers write reports, the window's grain writes the row.
/// </summary>
[GenerateSerializer, Alias("Fleet.MetricsWindow")]
public sealed record MetricsWindow
{
    /// <summary>Null until it is first written.</summary>
    [Id(0)]
    public PerformanceMetrics? Row { get; init; }

    /// <summary>The latest report of each reporter. Read from the store, never written by the grain.</summary>
    [Id(1)]
    public WindowReport[] Reports { get; init; } = [];
}
