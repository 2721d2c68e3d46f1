namespace OrleansAiFleet.Evaluations;

public sealed partial record EvaluationResult
{
    // Overall performance metrics

    /// <summary><c>overall_accuracy</c>.</summary>
    [Id(9)]
    public decimal? OverallAccuracy { get; init; }

    /// <summary><c>overall_precision</c>.</summary>
    [Id(10)]
    public decimal? OverallPrecision { get; init; }

    /// <summary><c>overall_recall</c>.</summary>
    [Id(11)]
    public decimal? OverallRecall { get; init; }

    /// <summary><c>overall_f1_score</c>.</summary>
    [Id(12)]
    public decimal? OverallF1Score { get; init; }

    /// <summary><c>micro_f1_score</c>.</summary>
    [Id(13)]
    public decimal? MicroF1Score { get; init; }

    /// <summary><c>macro_f1_score</c>.</summary>
    [Id(14)]
    public decimal? MacroF1Score { get; init; }

    /// <summary><c>weighted_f1_score</c>.</summary>
    [Id(15)]
    public decimal? WeightedF1Score { get; init; }
}
