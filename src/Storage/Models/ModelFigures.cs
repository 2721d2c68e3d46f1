namespace OrleansAiFleet.Storage.Models;

/// <summary>What was measured of one model version at work, over a span of time and some sites.</summary>
public sealed record LiveFigures
{
    public required Guid ModelId { get; init; }

    /// <summary>Deployments that were measured.</summary>
    public int Deployments { get; init; }

    /// <summary>Sites that they are on.</summary>
    public int Sites { get; init; }

    /// <summary>Five-minute windows; one in which a deployment changed its version counts for neither.</summary>
    public long Windows { get; init; }

    public long FramesDecoded { get; init; }

    public long FramesInferred { get; init; }

    public long TotalDetections { get; init; }

    public long TotalErrors { get; init; }

    /// <summary>Mean time of inference in milliseconds, weighted by frames.</summary>
    public decimal? InferenceTimeAvgMs { get; init; }

    /// <summary>Mean over the windows of their 95th percentile of latency in milliseconds, weighted by frames.</summary>
    public decimal? LatencyP95Ms { get; init; }

    /// <summary>Frames inferred a second while it was at work.</summary>
    public decimal? ThroughputFps { get; init; }

    /// <summary>Mean confidence of detections, 0 to 1, weighted by them.</summary>
    public decimal? ConfidenceScoreAvg { get; init; }

    /// <summary>Detections per inferred frame.</summary>
    public decimal? DetectionsPerFrame { get; init; }

    /// <summary>Errors per decoded frame in percent.</summary>
    public decimal? ErrorRatePercentage { get; init; }

    public decimal? CpuUtilizationAvg { get; init; }

    public decimal? CpuUtilizationMax { get; init; }

    public decimal? GpuUtilizationAvg { get; init; }

    public decimal? GpuUtilizationMax { get; init; }

    public decimal? MemoryUsageAvgGb { get; init; }

    public decimal? MemoryUsageMaxGb { get; init; }

    public decimal? GpuMemoryUsageAvgGb { get; init; }

    public decimal? GpuMemoryUsageMaxGb { get; init; }

    /// <summary>Time spent on inference in seconds, over all frames.</summary>
    public decimal? InferenceSeconds { get; init; }
}

/// <summary>A site that runs a model version, for its licence.</summary>
public sealed record LicenseUse
{
    public required Guid ModelId { get; init; }

    public required string ModelName { get; init; }

    public required string ModelVersion { get; init; }

    public string? LicenseType { get; init; }

    public DateTimeOffset? LicenseExpiresAt { get; init; }

    /// <summary>Cameras that may run any version of the model at a time; null: any number.</summary>
    public int? LicenseSeats { get; init; }

    public string? ExportRestrictions { get; init; }

    public required Guid SiteId { get; init; }

    public required string SiteName { get; init; }

    public string? CountryCode { get; init; }

    public required Guid DeploymentId { get; init; }

    public required string DeploymentName { get; init; }

    /// <summary>Since when the site runs the version without a break; null while it is on its way.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Cameras that it runs on.</summary>
    public int Cameras { get; init; }

    /// <summary>Why it runs although the licence says no, or null.</summary>
    public string? LicenseOverride { get; init; }
}
