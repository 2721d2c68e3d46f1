namespace OrleansAiFleet.Evaluations;

public sealed partial record EvaluationResult
{
    // Detection-specific metrics (for object detection models)

    /// <summary><c>mean_average_precision_50</c>: mAP@0.5.</summary>
    [Id(19)]
    public decimal? MeanAveragePrecision50 { get; init; }

    /// <summary><c>mean_average_precision_75</c>: mAP@0.75.</summary>
    [Id(20)]
    public decimal? MeanAveragePrecision75 { get; init; }

    /// <summary><c>mean_average_precision_50_95</c>: mAP@0.5:0.95.</summary>
    [Id(21)]
    public decimal? MeanAveragePrecision5095 { get; init; }

    /// <summary><c>average_recall_100</c>: AR@100.</summary>
    [Id(22)]
    public decimal? AverageRecall100 { get; init; }

    /// <summary><c>average_recall_300</c>: AR@300.</summary>
    [Id(23)]
    public decimal? AverageRecall300 { get; init; }

    /// <summary><c>average_recall_1000</c>: AR@1000.</summary>
    [Id(24)]
    public decimal? AverageRecall1000 { get; init; }
}
