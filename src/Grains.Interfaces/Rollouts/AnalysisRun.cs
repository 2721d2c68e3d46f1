namespace OrleansAiFleet.Rollouts;

/// <summary>
/// One analysis from its start to its decision. It keeps the metrics it judges by: who changes a plan changes no analysis under way.
/// </summary>
[GenerateSerializer, Immutable, Alias("Fleet.AnalysisRun")]
public sealed record AnalysisRun
{
    [Id(0)]
    public AnalysisPhase Phase { get; init; }

    /// <summary>Why it ended, as one sentence; null until then.</summary>
    [Id(1)]
    public string? Message { get; init; }

    /// <summary>The metric that made it end otherwise than successful; null where none did.</summary>
    [Id(2)]
    public string? DecidedBy { get; init; }

    [Id(3)]
    public DateTimeOffset Started { get; init; }

    /// <summary>Null until it ended.</summary>
    [Id(4)]
    public DateTimeOffset? Finished { get; init; }

    [Id(5)]
    public AnalysisMetric[] Metrics { get; init; } = [];

    /// <summary>One per metric, in the same order.</summary>
    [Id(6)]
    public MetricResult[] Results { get; init; } = [];

    /// <summary>Of the metrics that decide.</summary>
    [Id(7)]
    public AnalysisSummary Summary { get; init; } = new();

    /// <summary>Of the metrics that only look on.</summary>
    [Id(8)]
    public AnalysisSummary DryRunSummary { get; init; } = new();
}

/// <summary>How metrics ended, counted.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.AnalysisSummary")]
public sealed record AnalysisSummary
{
    /// <summary>All of them, ended or not.</summary>
    [Id(0)]
    public int Count { get; init; }

    [Id(1)]
    public int Successful { get; init; }

    [Id(2)]
    public int Failed { get; init; }

    [Id(3)]
    public int Inconclusive { get; init; }

    [Id(4)]
    public int Error { get; init; }
}
