namespace OrleansAiFleet.Metrics;

public sealed partial record PerformanceMetrics
{
    // Resource utilization

    /// <summary><c>cpu_utilization_avg</c>.</summary>
    [Id(18)]
    public decimal? CpuUtilizationAvg { get; init; }

    /// <summary><c>cpu_utilization_max</c>.</summary>
    [Id(19)]
    public decimal? CpuUtilizationMax { get; init; }

    /// <summary><c>gpu_utilization_avg</c>.</summary>
    [Id(20)]
    public decimal? GpuUtilizationAvg { get; init; }

    /// <summary><c>gpu_utilization_max</c>.</summary>
    [Id(21)]
    public decimal? GpuUtilizationMax { get; init; }

    /// <summary><c>memory_usage_avg_gb</c>.</summary>
    [Id(22)]
    public decimal? MemoryUsageAvgGb { get; init; }

    /// <summary><c>memory_usage_max_gb</c>.</summary>
    [Id(23)]
    public decimal? MemoryUsageMaxGb { get; init; }

    /// <summary><c>gpu_memory_usage_avg_gb</c>.</summary>
    [Id(24)]
    public decimal? GpuMemoryUsageAvgGb { get; init; }

    /// <summary><c>gpu_memory_usage_max_gb</c>.</summary>
    [Id(25)]
    public decimal? GpuMemoryUsageMaxGb { get; init; }
}
