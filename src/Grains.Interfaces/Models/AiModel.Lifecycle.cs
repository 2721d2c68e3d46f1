namespace OrleansAiFleet.Models;

public sealed partial record AiModel
{
    // Status and lifecycle

    /// <summary><c>status</c>.</summary>
    [Id(43)]
    public ModelStatus Status { get; init; } = ModelStatus.Development;

    /// <summary><c>lifecycle_stage</c>.</summary>
    [Id(44)]
    public LifecycleStage LifecycleStage { get; init; } = LifecycleStage.Experimental;

    /// <summary><c>approval_status</c>.</summary>
    [Id(45)]
    public ApprovalStatus ApprovalStatus { get; init; } = ApprovalStatus.Pending;

    /// <summary><c>approved_by</c>.</summary>
    [Id(46)]
    public Guid? ApprovedBy { get; init; }

    /// <summary><c>approved_at</c>.</summary>
    [Id(47)]
    public DateTimeOffset? ApprovedAt { get; init; }
}
