namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>What is known of an experiment so far. It may be looked at at any time: intervals hold at all looks together.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ExperimentStanding")]
public sealed record ExperimentStanding
{
    /// <summary>In the order of the plan's metrics.</summary>
    [Id(0)]
    public ExperimentResult[] Results { get; init; } = [];

    /// <summary>Slots that began before are counted, and no other; null: none yet.</summary>
    [Id(1)]
    public DateTimeOffset? MeasuredUntil { get; init; }

    /// <summary>All of it in words.</summary>
    [Id(2)]
    public string Sentence { get; init; } = "";
}

/// <summary>What is known of one metric. Differences are B minus A, in the measure's unit.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ExperimentResult")]
public sealed record ExperimentResult
{
    [Id(0)]
    public AnalysisMeasure Measure { get; init; }

    [Id(1)]
    public ExperimentTally Tally { get; init; } = ExperimentTally.Empty;

    /// <summary>Lower bound of the difference; null with too few slots to tell.</summary>
    [Id(2)]
    public double? Lower { get; init; }

    /// <summary>Upper bound of the difference; null with too few slots to tell.</summary>
    [Id(3)]
    public double? Upper { get; init; }

    [Id(4)]
    public ExperimentFinding Finding { get; init; }
}

/// <summary>What the interval of one metric says. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.ExperimentFinding")]
public enum ExperimentFinding
{
    /// <summary>Nothing yet.</summary>
    Undecided = 0,

    /// <summary>B is better.</summary>
    Better = 1,

    /// <summary>B is worse.</summary>
    Worse = 2,

    /// <summary>B differs, and neither more nor less is better.</summary>
    Different = 3,

    /// <summary>The difference is smaller than what matters, either way.</summary>
    Alike = 4,

    /// <summary>B is not worse by as much as matters; whether it is better is open.</summary>
    NotWorse = 5,
}
