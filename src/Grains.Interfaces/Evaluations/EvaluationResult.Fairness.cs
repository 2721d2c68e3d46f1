using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Evaluations;

public sealed partial record EvaluationResult
{
    // Bias and fairness metrics

    /// <summary><c>demographic_parity_score</c>.</summary>
    [Id(40)]
    public decimal? DemographicParityScore { get; init; }

    /// <summary><c>equalized_odds_score</c>.</summary>
    [Id(41)]
    public decimal? EqualizedOddsScore { get; init; }

    /// <summary><c>calibration_score</c>.</summary>
    [Id(42)]
    public decimal? CalibrationScore { get; init; }

    /// <summary><c>bias_detection_results</c>: Bias analysis results.</summary>
    [Id(43)]
    public JsonText? BiasDetectionResults { get; init; }

    /// <summary><c>fairness_constraints_met</c>.</summary>
    [Id(44)]
    public bool FairnessConstraintsMet { get; init; }
}
