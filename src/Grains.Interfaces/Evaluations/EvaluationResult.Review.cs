namespace OrleansAiFleet.Evaluations;

public sealed partial record EvaluationResult
{
    // Review and approval

    /// <summary><c>reviewed_by</c>.</summary>
    [Id(63)]
    public Guid? ReviewedBy { get; init; }

    /// <summary><c>review_status</c>.</summary>
    [Id(64)]
    public ReviewStatus ReviewStatus { get; init; } = ReviewStatus.Pending;

    /// <summary><c>review_date</c>.</summary>
    [Id(65)]
    public DateTimeOffset? ReviewDate { get; init; }

    /// <summary><c>review_comments</c>.</summary>
    [Id(66)]
    public string? ReviewComments { get; init; }

    /// <summary><c>approval_for_production</c>.</summary>
    [Id(67)]
    public bool ApprovalForProduction { get; init; }
}
