namespace OrleansAiFleet.Deployments;

public sealed partial record Deployment
{
    // Record keeping

    /// <summary><c>created_at</c>.</summary>
    [Id(45)]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>updated_at</c>.</summary>
    [Id(46)]
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary><c>deployed_by</c>.</summary>
    [Id(47)]
    public Guid? DeployedBy { get; init; }
}
