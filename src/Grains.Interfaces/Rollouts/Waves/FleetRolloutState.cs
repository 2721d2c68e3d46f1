namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>What the grain of a fleet rollout keeps: its row and a row for each of its sites, written in one transaction.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.FleetRolloutState")]
public sealed record FleetRolloutState
{
    [Id(0)]
    public FleetRollout Row { get; init; } = new();

    /// <summary>By their position.</summary>
    [Id(1)]
    public FleetRolloutSite[] Sites { get; init; } = [];

    /// <summary>Ids of the site rows that a write changes; null: all are new.</summary>
    [Id(2)]
    public Guid[]? Changed { get; init; }
}
