namespace OrleansAiFleet.Metrics;

public sealed partial record PerformanceMetrics
{
    // Comparative analysis

    /// <summary><c>baseline_performance_diff</c>: Difference from baseline.</summary>
    [Id(47)]
    public decimal? BaselinePerformanceDiff { get; init; }

    /// <summary><c>previous_period_performance_diff</c>: Period-over-period change.</summary>
    [Id(48)]
    public decimal? PreviousPeriodPerformanceDiff { get; init; }

    /// <summary><c>industry_benchmark_comparison</c>: Industry benchmark comparison.</summary>
    [Id(49)]
    public decimal? IndustryBenchmarkComparison { get; init; }

    /// <summary><c>peer_model_performance_rank</c>: Ranking among similar models.</summary>
    [Id(50)]
    public int? PeerModelPerformanceRank { get; init; }
}
