namespace OrleansAiFleet.Rollouts;

/// <summary>One measurement of a metric, judged. Units: those of the measure; null: there is no such value.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.Measurement")]
public sealed record Measurement
{
    [Id(0)]
    public DateTimeOffset Started { get; init; }

    [Id(1)]
    public DateTimeOffset Finished { get; init; }

    /// <summary>Successful, failed, inconclusive or error.</summary>
    [Id(2)]
    public AnalysisPhase Phase { get; init; }

    /// <summary>Of the new version.</summary>
    [Id(3)]
    public double? Value { get; init; }

    /// <summary>Of the version before.</summary>
    [Id(4)]
    public double? BaselineValue { get; init; }

    /// <summary>New minus before.</summary>
    [Id(5)]
    public double? Difference { get; init; }

    /// <summary>Lower bound of the difference.</summary>
    [Id(6)]
    public double? Lower { get; init; }

    /// <summary>Upper bound of the difference.</summary>
    [Id(7)]
    public double? Upper { get; init; }

    [Id(8)]
    public AnalysisSamples Samples { get; init; } = new();

    /// <summary>What was measured, or why there is nothing, as one sentence.</summary>
    [Id(9)]
    public string Message { get; init; } = "";
}
