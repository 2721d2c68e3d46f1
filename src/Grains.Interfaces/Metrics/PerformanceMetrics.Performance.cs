namespace OrleansAiFleet.Metrics;

public sealed partial record PerformanceMetrics
{
    // Performance metrics

    /// <summary><c>accuracy_percentage</c>.</summary>
    [Id(4)]
    public decimal? AccuracyPercentage { get; init; }

    /// <summary><c>precision_percentage</c>.</summary>
    [Id(5)]
    public decimal? PrecisionPercentage { get; init; }

    /// <summary><c>recall_percentage</c>.</summary>
    [Id(6)]
    public decimal? RecallPercentage { get; init; }

    /// <summary><c>f1_score</c>.</summary>
    [Id(7)]
    public decimal? F1Score { get; init; }

    /// <summary><c>confidence_score_avg</c>.</summary>
    [Id(8)]
    public decimal? ConfidenceScoreAvg { get; init; }

    /// <summary><c>inference_time_avg_ms</c>.</summary>
    [Id(9)]
    public decimal? InferenceTimeAvgMs { get; init; }

    /// <summary><c>inference_time_p95_ms</c>.</summary>
    [Id(10)]
    public decimal? InferenceTimeP95Ms { get; init; }

    /// <summary><c>throughput_fps</c>.</summary>
    [Id(11)]
    public decimal? ThroughputFps { get; init; }
}
