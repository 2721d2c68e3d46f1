namespace OrleansAiFleet.Metrics;

public sealed partial record PerformanceMetrics
{
    // Record keeping

    /// <summary><c>created_at</c>.</summary>
    [Id(56)]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>calculated_at</c>.</summary>
    [Id(57)]
    public DateTimeOffset CalculatedAt { get; init; }
}
