namespace OrleansAiFleet.Rollouts;

/// <summary>How far one metric of an analysis has come.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.MetricResult")]
public sealed record MetricResult
{
    /// <summary>The metric's.</summary>
    [Id(0)]
    public required string Name { get; init; }

    [Id(1)]
    public bool DryRun { get; init; }

    [Id(2)]
    public AnalysisPhase Phase { get; init; }

    /// <summary>Why it ended, as one sentence; null until then.</summary>
    [Id(3)]
    public string? Message { get; init; }

    /// <summary>Measurements that count: successful, failed and inconclusive ones, no errors.</summary>
    [Id(4)]
    public int Count { get; init; }

    [Id(5)]
    public int Successful { get; init; }

    [Id(6)]
    public int Failed { get; init; }

    [Id(7)]
    public int Inconclusive { get; init; }

    [Id(8)]
    public int Error { get; init; }

    /// <summary>Errors since the last measurement that was none.</summary>
    [Id(9)]
    public int ConsecutiveError { get; init; }

    /// <summary>Successes since the last measurement that was none.</summary>
    [Id(10)]
    public int ConsecutiveSuccess { get; init; }

    /// <summary>The last ten, oldest first.</summary>
    [Id(11)]
    public Measurement[] Measurements { get; init; } = [];

    /// <summary>When to measure next; null once it ended.</summary>
    [Id(12)]
    public DateTimeOffset? NextDue { get; init; }
}
