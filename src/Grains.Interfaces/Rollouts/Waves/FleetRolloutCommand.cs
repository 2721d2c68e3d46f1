namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>What a person tells a fleet rollout. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.FleetRolloutCommand")]
public enum FleetRolloutCommand
{
    /// <summary>No further site begins; those under way go on.</summary>
    Pause = 0,

    /// <summary>It goes on; sites that failed until now are accepted.</summary>
    Resume = 1,

    /// <summary>The wait after the wave counts as over.</summary>
    SkipSoak = 2,

    /// <summary>One site is not waited for any more.</summary>
    SkipSite = 3,

    /// <summary>The next wave may begin.</summary>
    ApproveWave = 4,

    /// <summary>Sites that failed are begun anew.</summary>
    RetryFailed = 5,

    /// <summary>It ends here; what was reached stays.</summary>
    Abort = 6,

    /// <summary>Every site that was changed comes back to what it had before.</summary>
    AbortAll = 7,
}

/// <summary>One word to a fleet rollout.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.FleetRolloutOrder")]
public sealed record FleetRolloutOrder
{
    [Id(0)]
    public FleetRolloutCommand Command { get; init; }

    /// <summary>One sentence, kept with the decision; null: the fleet's own words.</summary>
    [Id(1)]
    public string? Why { get; init; }

    /// <summary>Who gives it; null: the fleet itself.</summary>
    [Id(2)]
    public Guid? By { get; init; }

    /// <summary><see cref="FleetRolloutCommand.SkipSite"/>: which.</summary>
    [Id(3)]
    public Guid? SiteId { get; init; }

    /// <summary>Versions of the row that the order is meant for; null: whatever it is.</summary>
    [Id(4)]
    public string[]? IfMatch { get; init; }
}
