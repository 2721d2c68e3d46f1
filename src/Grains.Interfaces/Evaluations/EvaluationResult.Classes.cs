using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Evaluations;

public sealed partial record EvaluationResult
{
    // Per-class performance metrics

    /// <summary><c>class_wise_metrics</c>: Detailed per-class performance metrics.</summary>
    [Id(16)]
    public JsonText? ClassWiseMetrics { get; init; }

    /// <summary><c>confusion_matrix</c>: Confusion matrix data.</summary>
    [Id(17)]
    public JsonText? ConfusionMatrix { get; init; }

    /// <summary><c>classification_report</c>: Detailed classification report.</summary>
    [Id(18)]
    public JsonText? ClassificationReport { get; init; }
}
