using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Evaluations;

public sealed partial record EvaluationResult
{
    // Comparison metrics

    /// <summary><c>baseline_model_comparison</c>: Comparison with baseline model.</summary>
    [Id(50)]
    public JsonText? BaselineModelComparison { get; init; }

    /// <summary><c>previous_version_comparison</c>: Comparison with previous version.</summary>
    [Id(51)]
    public JsonText? PreviousVersionComparison { get; init; }

    /// <summary><c>competitor_model_comparison</c>: Comparison with competitor models.</summary>
    [Id(52)]
    public JsonText? CompetitorModelComparison { get; init; }

    /// <summary><c>human_performance_comparison</c>: Comparison with human performance.</summary>
    [Id(53)]
    public decimal? HumanPerformanceComparison { get; init; }
}
