namespace OrleansAiFleet.Evaluations;

public sealed partial record EvaluationResult
{
    // Evaluation dataset information

    /// <summary><c>dataset_id</c>: Reference to evaluation dataset.</summary>
    [Id(4)]
    public Guid? DatasetId { get; init; }

    /// <summary><c>dataset_size</c>.</summary>
    [Id(5)]
    public int? DatasetSize { get; init; }

    /// <summary><c>dataset_description</c>.</summary>
    [Id(6)]
    public string? DatasetDescription { get; init; }

    /// <summary><c>evaluation_date</c>.</summary>
    [Id(7)]
    public DateTimeOffset EvaluationDate { get; init; }

    /// <summary><c>evaluation_duration_minutes</c>.</summary>
    [Id(8)]
    public int? EvaluationDurationMinutes { get; init; }
}
