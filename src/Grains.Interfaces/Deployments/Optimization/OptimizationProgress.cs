namespace OrleansAiFleet.Deployments.Optimization;

/// <summary>How far a search is.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.OptimizationProgress")]
public sealed record OptimizationProgress
{
    [Id(0)]
    public OptimizationPhase Phase { get; init; }

    /// <summary>When the phase began.</summary>
    [Id(1)]
    public DateTimeOffset Since { get; init; }

    /// <summary>Why it is where it is; at the end what was found, in words.</summary>
    [Id(2)]
    public string Reason { get; init; } = "";

    /// <summary>The settings that it began from.</summary>
    [Id(3)]
    public TrialConfiguration Current { get; init; } = new();

    /// <summary>What it proposes, or null.</summary>
    [Id(4)]
    public OptimizationProposal? Proposal { get; init; }

    /// <summary>Who cancelled or applied it; null: nobody.</summary>
    [Id(5)]
    public Guid? EndedBy { get; init; }

    /// <summary>How far settings may go from there.</summary>
    [Id(6)]
    public SearchBounds Bounds { get; init; } = new();
}

/// <summary>What settings a search may try, as its deployment and model had it at the beginning.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.SearchBounds")]
public sealed record SearchBounds
{
    /// <summary>
    /// Workers that could share the frames. The fleet decides on them only where <c>auto_scaling_enabled</c> is set; elsewhere there are as many
    /// as have cameras of the deployment.
    /// </summary>
    [Id(0)]
    public int MostInstances { get; init; } = 1;

    /// <summary>Largest batch that the model takes.</summary>
    [Id(1)]
    public int MostBatch { get; init; } = int.MaxValue;

    /// <summary>Share of its time that an instance may be busy, 0 to 1: <c>scale_up_threshold</c>.</summary>
    [Id(2)]
    public double MostBusy { get; init; } = 0.8;

    /// <summary>Cameras that the deployment looks at.</summary>
    [Id(3)]
    public int Cameras { get; init; }

    /// <summary>See <see cref="MostInstances"/>.</summary>
    [Id(4)]
    public int LeastInstances { get; init; } = 1;
}

/// <summary>Where a search is. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.OptimizationPhase")]
public enum OptimizationPhase
{
    /// <summary>Settings are tried one after the other.</summary>
    Searching = 0,

    /// <summary>Something better was measured; it waits for a person's consent.</summary>
    Proposed = 1,

    /// <summary>Nothing that was measured is better.</summary>
    NothingToGain = 2,

    /// <summary>It could not be measured to the end.</summary>
    Failed = 3,

    /// <summary>A person ended it before.</summary>
    Cancelled = 4,

    /// <summary>A person had the proposal applied.</summary>
    Applied = 5,
}

/// <summary>Better settings and what was measured of both.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.OptimizationProposal")]
public sealed record OptimizationProposal
{
    [Id(0)]
    public TrialConfiguration Configuration { get; init; } = new();

    /// <summary>Of the settings of now.</summary>
    [Id(1)]
    public ConfigurationMeasurement Before { get; init; } = new();

    /// <summary>Of those proposed.</summary>
    [Id(2)]
    public ConfigurationMeasurement After { get; init; } = new();
}

/// <summary>What a search has measured, in the order in which it did.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.OptimizationStanding")]
public sealed record OptimizationStanding
{
    [Id(0)]
    public ConfigurationMeasurement[] Measurements { get; init; } = [];

    /// <summary>Measurements in a row that could not be made for a reason that may pass.</summary>
    [Id(1)]
    public int Setbacks { get; init; }
}
