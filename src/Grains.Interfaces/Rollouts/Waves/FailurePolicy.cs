namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>How many sites may fail, and what follows then. Where no limit is given, any number may.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.FailurePolicy")]
public sealed record FailurePolicy
{
    /// <summary>As many failed sites are too many, from 1; 1 is any at all.</summary>
    [Id(0)]
    public int? Sites { get; init; }

    /// <summary>As many percent of the sites that are settled are too many, 1 to 100.</summary>
    [Id(1)]
    public int? Percent { get; init; }

    /// <summary>Of which sites.</summary>
    [Id(2)]
    public FailureScope Scope { get; init; } = FailureScope.Whole;

    [Id(3)]
    public FailureConsequence Then { get; init; } = FailureConsequence.StopAtBarrier;
}

/// <summary>Whose failures are counted. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.FailureScope")]
public enum FailureScope
{
    /// <summary>Of all waves until now.</summary>
    Whole = 0,

    /// <summary>Of the wave that it is at.</summary>
    Wave = 1,
}

/// <summary>What follows when too many sites failed. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.FailureConsequence")]
public enum FailureConsequence
{
    /// <summary>The wave goes on to its end; the next waits for a person.</summary>
    StopAtBarrier = 0,

    /// <summary>No further site begins until a person says so.</summary>
    StopAtOnce = 1,

    /// <summary>The sites of the wave come back to what they had; then it is over.</summary>
    RollBackWave = 2,

    /// <summary>All sites come back to what they had.</summary>
    RollBackAll = 3,
}
