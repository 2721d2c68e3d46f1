namespace OrleansAiFleet.Metrics;

public sealed partial record PerformanceMetrics
{
    // Network and I/O metrics

    /// <summary><c>network_bandwidth_usage_mbps</c>.</summary>
    [Id(26)]
    public decimal? NetworkBandwidthUsageMbps { get; init; }

    /// <summary><c>disk_io_read_mb</c>.</summary>
    [Id(27)]
    public decimal? DiskIoReadMb { get; init; }

    /// <summary><c>disk_io_write_mb</c>.</summary>
    [Id(28)]
    public decimal? DiskIoWriteMb { get; init; }

    /// <summary><c>api_requests_per_minute</c>.</summary>
    [Id(29)]
    public int? ApiRequestsPerMinute { get; init; }

    /// <summary><c>api_response_time_avg_ms</c>.</summary>
    [Id(30)]
    public decimal? ApiResponseTimeAvgMs { get; init; }
}
