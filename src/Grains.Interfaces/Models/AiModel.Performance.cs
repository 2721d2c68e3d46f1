namespace OrleansAiFleet.Models;

public sealed partial record AiModel
{
    // Performance characteristics

    /// <summary><c>baseline_accuracy</c>.</summary>
    [Id(30)]
    public decimal? BaselineAccuracy { get; init; }

    /// <summary><c>baseline_precision</c>.</summary>
    [Id(31)]
    public decimal? BaselinePrecision { get; init; }

    /// <summary><c>baseline_recall</c>.</summary>
    [Id(32)]
    public decimal? BaselineRecall { get; init; }

    /// <summary><c>baseline_f1_score</c>.</summary>
    [Id(33)]
    public decimal? BaselineF1Score { get; init; }

    /// <summary><c>inference_time_ms</c>.</summary>
    [Id(34)]
    public decimal? InferenceTimeMs { get; init; }

    /// <summary><c>throughput_fps</c>.</summary>
    [Id(35)]
    public decimal? ThroughputFps { get; init; }

    /// <summary><c>confidence_threshold_default</c>.</summary>
    [Id(36)]
    public decimal ConfidenceThresholdDefault { get; init; } = 0.50m;
}
