namespace OrleansAiFleet.Metrics;

public sealed partial record PerformanceMetrics
{
    // Error tracking

    /// <summary><c>total_errors</c>.</summary>
    [Id(31)]
    public int? TotalErrors { get; init; }

    /// <summary><c>preprocessing_errors</c>.</summary>
    [Id(32)]
    public int? PreprocessingErrors { get; init; }

    /// <summary><c>inference_errors</c>.</summary>
    [Id(33)]
    public int? InferenceErrors { get; init; }

    /// <summary><c>postprocessing_errors</c>.</summary>
    [Id(34)]
    public int? PostprocessingErrors { get; init; }

    /// <summary><c>timeout_errors</c>.</summary>
    [Id(35)]
    public int? TimeoutErrors { get; init; }

    /// <summary><c>memory_errors</c>.</summary>
    [Id(36)]
    public int? MemoryErrors { get; init; }

    /// <summary><c>error_rate_percentage</c>.</summary>
    [Id(37)]
    public decimal? ErrorRatePercentage { get; init; }
}
