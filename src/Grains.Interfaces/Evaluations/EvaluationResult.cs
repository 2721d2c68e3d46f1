namespace OrleansAiFleet.Evaluations;

/// <summary>One evaluation of one model version: a row of <c>model_evaluation_results</c>.</summary>
/// <remarks>Property names are the column names in C# spelling; ids are never renumbered.</remarks>
[GenerateSerializer, Immutable, Alias("Fleet.EvaluationResult")]
public sealed partial record EvaluationResult
{
    /// <summary><c>id</c>.</summary>
    [Id(0)]
    public Guid Id { get; init; }

    /// <summary><c>model_id</c>.</summary>
    [Id(1)]
    public Guid ModelId { get; init; }

    /// <summary><c>evaluation_name</c>.</summary>
    [Id(2)]
    public string EvaluationName { get; init; } = "";

    /// <summary><c>evaluation_type</c>.</summary>
    [Id(3)]
    public EvaluationType EvaluationType { get; init; }
}
