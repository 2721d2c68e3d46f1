namespace OrleansAiFleet.Metrics;

public sealed partial record PerformanceMetrics
{
    // Business impact metrics

    /// <summary><c>cost_per_inference</c>.</summary>
    [Id(42)]
    public decimal? CostPerInference { get; init; }

    /// <summary><c>cost_per_detection</c>.</summary>
    [Id(43)]
    public decimal? CostPerDetection { get; init; }

    /// <summary><c>roi_impact_score</c>.</summary>
    [Id(44)]
    public decimal? RoiImpactScore { get; init; }

    /// <summary><c>user_satisfaction_score</c>: 1-10 user rating.</summary>
    [Id(45)]
    public decimal? UserSatisfactionScore { get; init; }

    /// <summary><c>business_value_generated</c>.</summary>
    [Id(46)]
    public decimal? BusinessValueGenerated { get; init; }
}
