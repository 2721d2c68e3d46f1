namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>One model version on its way to many sites, wave by wave: a row of <c>fleet_rollouts</c>.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.FleetRollout")]
public sealed record FleetRollout
{
    [Id(0)]
    public Guid Id { get; init; }

    [Id(1)]
    public string Name { get; init; } = "";

    /// <summary>The version to bring.</summary>
    [Id(2)]
    public Guid ModelId { get; init; }

    /// <summary>With what was left open taken from the model.</summary>
    [Id(3)]
    public SiteTemplate Template { get; init; } = new();

    /// <summary>Its waves, frozen when it began.</summary>
    [Id(4)]
    public Wave[] Waves { get; init; } = [];

    /// <summary>Most sites that are changed at one time, from 1.</summary>
    [Id(5)]
    public int MaxConcurrentSites { get; init; }

    /// <summary>Wait after each wave before the next, 0 to 2 592 000 seconds.</summary>
    [Id(6)]
    public int SoakSeconds { get; init; }

    [Id(7)]
    public FailurePolicy FailurePolicy { get; init; } = new();

    /// <summary>A person has to approve every wave but the first.</summary>
    [Id(8)]
    public bool AwaitsPerson { get; init; }

    /// <summary>A site begins inside its own maintenance windows alone.</summary>
    [Id(9)]
    public bool OnlyInWindows { get; init; }

    [Id(10)]
    public FleetRolloutProgress Progress { get; init; } = new();

    /// <summary>Whether it is over.</summary>
    [Id(11)]
    public bool IsSettled { get; init; }

    /// <summary>What happened, oldest first; the last 200.</summary>
    [Id(12)]
    public FleetRolloutDecision[] Decisions { get; init; } = [];

    [Id(13)]
    public Guid? CreatedBy { get; init; }

    [Id(14)]
    public DateTimeOffset CreatedAt { get; init; }

    [Id(15)]
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>The sites of one wave, in the order in which they begin.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.Wave")]
public sealed record Wave([property: Id(0)] Guid[] SiteIds);

/// <summary>One thing that happened to a fleet rollout.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.FleetRolloutDecision")]
public sealed record FleetRolloutDecision
{
    [Id(0)]
    public DateTimeOffset At { get; init; }

    /// <summary>Who told it to; null: the fleet itself.</summary>
    [Id(1)]
    public Guid? By { get; init; }

    /// <summary>What was told; null: nothing, it followed from what was seen.</summary>
    [Id(2)]
    public FleetRolloutCommand? Command { get; init; }

    /// <summary>The site that it is about, or null.</summary>
    [Id(3)]
    public Guid? SiteId { get; init; }

    /// <summary>One sentence.</summary>
    [Id(4)]
    public string Why { get; init; } = "";

    /// <summary>How far it was then.</summary>
    [Id(5)]
    public required FleetRolloutProgress Progress { get; init; }
}
