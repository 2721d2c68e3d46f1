namespace OrleansAiFleet.Training;

public sealed partial record TrainingJob
{
    // Record keeping

    /// <summary><c>created_at</c>.</summary>
    [Id(59)]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>started_at</c>.</summary>
    [Id(60)]
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary><c>completed_at</c>.</summary>
    [Id(61)]
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary><c>created_by</c>.</summary>
    [Id(62)]
    public Guid? CreatedBy { get; init; }
}
