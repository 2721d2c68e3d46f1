namespace OrleansAiFleet.Models;

public sealed partial record AiModel
{
    // Record keeping

    /// <summary><c>created_at</c>.</summary>
    [Id(59)]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>updated_at</c>.</summary>
    [Id(60)]
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary><c>created_by</c>.</summary>
    [Id(61)]
    public Guid? CreatedBy { get; init; }

    /// <summary><c>last_modified_by</c>.</summary>
    [Id(62)]
    public Guid? LastModifiedBy { get; init; }
}
