namespace OrleansAiFleet.Rollouts;

/// <summary>What was measured for one metric, not judged yet. Units: those of the measure.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.AnalysisObservation")]
public sealed record AnalysisObservation
{
    /// <summary>When measuring began.</summary>
    [Id(0)]
    public DateTimeOffset Started { get; init; }

    /// <summary>Of the new version; null or not finite: there is none.</summary>
    [Id(1)]
    public double? Value { get; init; }

    /// <summary>Of the version before, on the same cameras in the same hours; null or not finite: there is none.</summary>
    [Id(2)]
    public double? BaselineValue { get; init; }

    /// <summary>New minus before, from pairs; null: the difference of the two values.</summary>
    [Id(3)]
    public double? Difference { get; init; }

    /// <summary>Lower bound of the difference; null where there are too few pairs to tell.</summary>
    [Id(4)]
    public double? Lower { get; init; }

    /// <summary>Upper bound of the difference; null where there are too few pairs to tell.</summary>
    [Id(5)]
    public double? Upper { get; init; }

    /// <summary>What was looked at; in a comparison of each kind the smaller side's.</summary>
    [Id(6)]
    public AnalysisSamples Samples { get; init; } = new();

    /// <summary>Why it could not be measured at all, as one sentence; null where it was, with or without data.</summary>
    [Id(7)]
    public string? Fault { get; init; }

    /// <summary>When all that it rests on was there; null: when it is judged.</summary>
    [Id(8)]
    public DateTimeOffset? Finished { get; init; }
}
