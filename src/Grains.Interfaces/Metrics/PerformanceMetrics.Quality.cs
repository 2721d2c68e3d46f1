namespace OrleansAiFleet.Metrics;

public sealed partial record PerformanceMetrics
{
    // Quality metrics

    /// <summary><c>data_quality_score</c>: Input data quality assessment.</summary>
    [Id(38)]
    public decimal? DataQualityScore { get; init; }

    /// <summary><c>prediction_consistency_score</c>: Consistency across similar inputs.</summary>
    [Id(39)]
    public decimal? PredictionConsistencyScore { get; init; }

    /// <summary><c>drift_detection_score</c>: Model drift indicator.</summary>
    [Id(40)]
    public decimal? DriftDetectionScore { get; init; }

    /// <summary><c>anomaly_detection_count</c>.</summary>
    [Id(41)]
    public int? AnomalyDetectionCount { get; init; }
}
