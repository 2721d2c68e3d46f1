namespace OrleansAiFleet.Metrics;

/// <summary>One five-minute window of one deployment: a row of <c>model_performance_metrics</c>. Null means not known, never zero.</summary>
/// <remarks>Property names are the column names in C# spelling; ids are never renumbered.</remarks>
[GenerateSerializer, Immutable, Alias("Fleet.PerformanceMetrics")]
public sealed partial record PerformanceMetrics
{
    /// <summary><c>id</c>.</summary>
    [Id(0)]
    public Guid Id { get; init; }

    /// <summary><c>deployment_id</c>.</summary>
    [Id(1)]
    public Guid DeploymentId { get; init; }

    /// <summary><c>metric_timestamp</c>.</summary>
    [Id(2)]
    public DateTimeOffset MetricTimestamp { get; init; }

    /// <summary><c>collection_period_minutes</c>: Metrics aggregation period.</summary>
    [Id(3)]
    public int CollectionPeriodMinutes { get; init; } = 5;
}
