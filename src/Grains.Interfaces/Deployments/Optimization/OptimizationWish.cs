namespace OrleansAiFleet.Deployments.Optimization;

/// <summary>What a search is to keep to, and what it is for.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.OptimizationWish")]
public sealed record OptimizationWish
{
    /// <summary>95 of 100 frames are to have their result within so many milliseconds of their arrival.</summary>
    [Id(0)]
    public double LatencyTargetMilliseconds { get; init; }

    /// <summary>What is better among the settings that keep to the target.</summary>
    [Id(1)]
    public OptimizationGoal Goal { get; init; }

    /// <summary>Share of the objects that another resolution has to find as the one of now does, 0 to 1.</summary>
    [Id(2)]
    public double MinimumAgreement { get; init; } = 0.95;

    /// <summary>Values of <c>processing_interval_seconds</c> that may be proposed beside the one of now.</summary>
    [Id(3)]
    public int[] Intervals { get; init; } = [];

    /// <summary>Frames that each setting is measured on.</summary>
    [Id(4)]
    public int Frames { get; init; } = 60;
}

/// <summary>What a search is for. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.OptimizationGoal")]
public enum OptimizationGoal
{
    /// <summary>The fewest instances, and then the least time of them.</summary>
    LeastLoad = 0,

    /// <summary>The shortest interval between two looks, and then the least load.</summary>
    MostFrames = 1,
}
