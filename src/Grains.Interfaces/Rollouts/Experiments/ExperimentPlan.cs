namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>What is declared of an experiment before anything is seen; it never changes.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ExperimentPlan")]
public sealed record ExperimentPlan
{
    /// <summary>Percent of the cameras that B has, 0 to 99; A has the others.</summary>
    [Id(0)]
    public int Weight { get; init; }

    /// <summary>
    /// Percent of the cameras on which both look, one of them unseen, 0 to 100. Without it both look at the first eight of B's cameras.
    /// </summary>
    [Id(1)]
    public int Shadow { get; init; }

    /// <summary>What is compared, 1 to 5.</summary>
    [Id(2)]
    public ExperimentMetric[] Metrics { get; init; } = [];

    /// <summary>How often all that is said may be wrong where there is no difference, over all metrics and looks: 0.0001 to 0.2.</summary>
    [Id(3)]
    public double Alpha { get; init; } = 0.05;

    /// <summary>Slots of each metric before anything is said, 20 to 1 000 000.</summary>
    [Id(4)]
    public int MinimumSlots { get; init; } = 100;

    /// <summary>Slots at which intervals are to be tightest, 20 to 1 000 000: about as many as are expected.</summary>
    [Id(5)]
    public int TightestAtSlots { get; init; } = 500;

    /// <summary>How long a slot is, 10 to 600 seconds: a camera gives one pair in it, and all cameras together one difference.</summary>
    [Id(6)]
    public int SlotSeconds { get; init; } = 60;

    /// <summary>How long it lasts at most, 600 seconds to 60 days.</summary>
    [Id(7)]
    public int LongestSeconds { get; init; } = 7 * 24 * 3600;

    /// <summary>Nothing but that B is worse is said before so many seconds, 0 to <see cref="LongestSeconds"/>: a day has day and night.</summary>
    [Id(10)]
    public int ShortestSeconds { get; init; } = 24 * 3600;

    /// <summary>What happens at the end.</summary>
    [Id(8)]
    public ExperimentConsequence OnVerdict { get; init; }

    /// <summary>Metrics of the rollout beside it: what fails ends the experiment and gives the cameras back to A.</summary>
    [Id(9)]
    public AnalysisMetric[] Analysis { get; init; } = [];
}

/// <summary>One thing that is compared.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ExperimentMetric")]
public sealed record ExperimentMetric
{
    [Id(0)]
    public AnalysisMeasure Measure { get; init; }

    /// <summary>The smallest difference that matters, above 0, in the measure's unit (percent points where it is %).</summary>
    [Id(1)]
    public double MinimumEffect { get; init; }
}

/// <summary>What happens at the end of an experiment. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.ExperimentConsequence")]
public enum ExperimentConsequence
{
    /// <summary>The split stays until a person promotes the rollout or rolls it back.</summary>
    Wait = 0,

    /// <summary>A has its cameras back, whatever was found.</summary>
    KeepA = 1,

    /// <summary>B takes over where it is better; otherwise A has its cameras back.</summary>
    PromoteWinner = 2,
}
