namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>One site of a fleet rollout: a row of <c>fleet_rollout_sites</c>.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.FleetRolloutSite")]
public sealed record FleetRolloutSite
{
    [Id(0)]
    public Guid Id { get; init; }

    [Id(1)]
    public Guid FleetRolloutId { get; init; }

    [Id(2)]
    public Guid SiteId { get; init; }

    /// <summary>Index of its wave, from 0.</summary>
    [Id(3)]
    public int Wave { get; init; }

    /// <summary>Its place among all sites, from 0.</summary>
    [Id(4)]
    public int Position { get; init; }

    [Id(5)]
    public FleetSiteWay Way { get; init; }

    [Id(6)]
    public FleetSiteState State { get; init; }

    /// <summary>The deployment that was there before; null: none.</summary>
    [Id(7)]
    public Guid? DeploymentId { get; init; }

    /// <summary>The version that it ran; null: none.</summary>
    [Id(8)]
    public Guid? PreviousModelId { get; init; }

    /// <summary>Cameras of a new deployment; null: all of the site.</summary>
    [Id(9)]
    public Guid[]? Cameras { get; init; }

    /// <summary>
    /// The rollout (which is its candidate's deployment too), the new deployment or the one that takes the version up. Stored before it
    /// begins, so that nothing begins twice; null: it was never begun.
    /// </summary>
    [Id(10)]
    public Guid? TargetId { get; init; }

    /// <summary>How often it was begun anew.</summary>
    [Id(11)]
    public int Attempt { get; init; }

    /// <summary>A person accepted that it failed.</summary>
    [Id(12)]
    public bool IsAccepted { get; init; }

    /// <summary>One sentence: why it is where it is.</summary>
    [Id(13)]
    public string Reason { get; init; } = "";

    /// <summary>When it came to its state.</summary>
    [Id(14)]
    public DateTimeOffset Since { get; init; }
}

/// <summary>How a site comes to the version. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.FleetSiteWay")]
public enum FleetSiteWay
{
    /// <summary>A new deployment.</summary>
    Deploy = 0,

    /// <summary>Its deployment takes the version up at once.</summary>
    Switch = 1,

    /// <summary>A rollout of its deployment, step by step.</summary>
    Rollout = 2,
}

/// <summary>Where a site of a fleet rollout is. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.FleetSiteState")]
public enum FleetSiteState
{
    /// <summary>Not begun.</summary>
    Waiting = 0,

    /// <summary>It is to begin, and may have.</summary>
    Starting = 1,

    /// <summary>It has begun.</summary>
    Moving = 2,

    /// <summary>It has the version.</summary>
    Succeeded = 3,

    /// <summary>It could not begin, or ended without the version.</summary>
    Failed = 4,

    /// <summary>Its own rollout went back; counts as failed.</summary>
    RolledBack = 5,

    /// <summary>A person left it out.</summary>
    Skipped = 6,

    /// <summary>It is to come back to what it had before.</summary>
    Returning = 7,

    /// <summary>It is as it was before.</summary>
    Returned = 8,

    /// <summary>It was to come back, and a person left it as it is.</summary>
    LeftAsIs = 9,
}
