namespace OrleansAiFleet.Evaluations;

public sealed partial record EvaluationResult
{
    // Resource performance

    /// <summary><c>evaluation_cpu_time_seconds</c>.</summary>
    [Id(30)]
    public decimal? EvaluationCpuTimeSeconds { get; init; }

    /// <summary><c>evaluation_gpu_time_seconds</c>.</summary>
    [Id(31)]
    public decimal? EvaluationGpuTimeSeconds { get; init; }

    /// <summary><c>peak_memory_usage_gb</c>.</summary>
    [Id(32)]
    public decimal? PeakMemoryUsageGb { get; init; }

    /// <summary><c>average_inference_time_ms</c>.</summary>
    [Id(33)]
    public decimal? AverageInferenceTimeMs { get; init; }

    /// <summary><c>throughput_images_per_second</c>.</summary>
    [Id(34)]
    public decimal? ThroughputImagesPerSecond { get; init; }
}
