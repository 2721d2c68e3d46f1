namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>How far a fleet rollout is. Stored, with what its sites come to, before anything acts on it.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.FleetRolloutProgress")]
public sealed record FleetRolloutProgress
{
    [Id(0)]
    public FleetRolloutPhase Phase { get; init; }

    /// <summary>Index of the wave that it is at, from 0.</summary>
    [Id(1)]
    public int Wave { get; init; }

    /// <summary>What keeps it from going on by itself.</summary>
    [Id(2)]
    public FleetRolloutHold Hold { get; init; }

    /// <summary><see cref="FleetRolloutPhase.Returning"/>: the one wave that goes back, by its index; null: all sites.</summary>
    [Id(3)]
    public int? ReturnsWave { get; init; }

    /// <summary>When the phase or the wave began, or a person let it go on.</summary>
    [Id(4)]
    public DateTimeOffset Since { get; init; }

    /// <summary>One sentence: why it is where it is.</summary>
    [Id(5)]
    public string Reason { get; init; } = "";
}

/// <summary>Where a fleet rollout is. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.FleetRolloutPhase")]
public enum FleetRolloutPhase
{
    /// <summary>The sites of its wave are brought to the version.</summary>
    Moving = 0,

    /// <summary>All sites of its wave are settled; the next wave waits.</summary>
    Soaking = 1,

    /// <summary>No further site begins; those under way come to their own end.</summary>
    Stopping = 2,

    /// <summary>Sites come back to what they had before.</summary>
    Returning = 3,

    /// <summary>Final: every wave is settled.</summary>
    Succeeded = 4,

    /// <summary>Final: it ended before its last wave; what was reached stays.</summary>
    Stopped = 5,

    /// <summary>Final: every site that was changed is as it was before.</summary>
    Returned = 6,
}

/// <summary>What keeps a fleet rollout from going on by itself. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.FleetRolloutHold")]
public enum FleetRolloutHold
{
    None = 0,

    /// <summary>A person has to approve the next wave.</summary>
    AwaitsPerson = 1,

    /// <summary>More sites failed than its policy takes: a person has to look.</summary>
    Failures = 2,

    /// <summary>A person wants it to stay as it is, whatever is seen.</summary>
    Paused = 3,
}
