namespace OrleansAiFleet.Metrics;

public sealed partial record PerformanceMetrics
{
    // Detection statistics

    /// <summary><c>total_detections</c>.</summary>
    [Id(12)]
    public int? TotalDetections { get; init; }

    /// <summary><c>true_positives</c>.</summary>
    [Id(13)]
    public int? TruePositives { get; init; }

    /// <summary><c>false_positives</c>.</summary>
    [Id(14)]
    public int? FalsePositives { get; init; }

    /// <summary><c>true_negatives</c>.</summary>
    [Id(15)]
    public int? TrueNegatives { get; init; }

    /// <summary><c>false_negatives</c>.</summary>
    [Id(16)]
    public int? FalseNegatives { get; init; }

    /// <summary><c>detection_rate_per_hour</c>.</summary>
    [Id(17)]
    public decimal? DetectionRatePerHour { get; init; }
}
