namespace OrleansAiFleet.Evaluations;

public sealed partial record EvaluationResult
{
    // Business impact assessment

    /// <summary><c>cost_per_evaluation</c>.</summary>
    [Id(45)]
    public decimal? CostPerEvaluation { get; init; }

    /// <summary><c>business_accuracy_score</c>: Business-relevant accuracy.</summary>
    [Id(46)]
    public decimal? BusinessAccuracyScore { get; init; }

    /// <summary><c>false_positive_cost_impact</c>.</summary>
    [Id(47)]
    public decimal? FalsePositiveCostImpact { get; init; }

    /// <summary><c>false_negative_cost_impact</c>.</summary>
    [Id(48)]
    public decimal? FalseNegativeCostImpact { get; init; }

    /// <summary><c>roi_projection</c>.</summary>
    [Id(49)]
    public decimal? RoiProjection { get; init; }
}
