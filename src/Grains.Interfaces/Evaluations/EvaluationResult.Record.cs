namespace OrleansAiFleet.Evaluations;

public sealed partial record EvaluationResult
{
    // Record keeping

    /// <summary><c>created_at</c>.</summary>
    [Id(68)]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>updated_at</c>.</summary>
    [Id(69)]
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary><c>evaluated_by</c>.</summary>
    [Id(70)]
    public Guid? EvaluatedBy { get; init; }
}
