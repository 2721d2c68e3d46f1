using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Evaluations;

public sealed partial record EvaluationResult
{
    // Performance distribution

    /// <summary><c>confidence_score_distribution</c>: Distribution of confidence scores.</summary>
    [Id(25)]
    public JsonText? ConfidenceScoreDistribution { get; init; }

    /// <summary><c>inference_time_distribution</c>: Distribution of inference times.</summary>
    [Id(26)]
    public JsonText? InferenceTimeDistribution { get; init; }

    /// <summary><c>accuracy_by_confidence_threshold</c>: Accuracy at different thresholds.</summary>
    [Id(27)]
    public JsonText? AccuracyByConfidenceThreshold { get; init; }

    /// <summary><c>roc_curve_data</c>: ROC curve data points.</summary>
    [Id(28)]
    public JsonText? RocCurveData { get; init; }

    /// <summary><c>precision_recall_curve_data</c>: PR curve data points.</summary>
    [Id(29)]
    public JsonText? PrecisionRecallCurveData { get; init; }
}
