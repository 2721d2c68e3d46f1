namespace OrleansAiFleet.Rollouts;

/// <summary>How far a rollout is. What cameras do follows from this alone: it is stored before anything acts on it.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.RolloutProgress")]
public sealed record RolloutProgress
{
    [Id(0)]
    public RolloutPhase Phase { get; init; }

    /// <summary>Index of the step that is being taken while <see cref="RolloutPhase.Progressing"/>; the number of steps where all are taken.</summary>
    [Id(1)]
    public int Step { get; init; }

    /// <summary>Percent of the cameras that the candidate has, 0 to 100; the stable deployment has the others.</summary>
    [Id(2)]
    public int Weight { get; init; }

    /// <summary>Percent of the cameras on which both look, one of them unseen, 0 to 100.</summary>
    [Id(3)]
    public int Shadow { get; init; }

    /// <summary>What keeps it from going on by itself.</summary>
    [Id(4)]
    public RolloutHold Hold { get; init; }

    /// <summary>When the phase or the step began.</summary>
    [Id(5)]
    public DateTimeOffset Since { get; init; }

    /// <summary>One sentence: why it is where it is.</summary>
    [Id(6)]
    public string Reason { get; init; } = "";

    /// <summary>The stable deployment need not be kept warm: it ends once the candidate serves every camera.</summary>
    [Id(7)]
    public bool IsWarmTimeSkipped { get; init; }
}

/// <summary>What keeps a rollout from going on by itself. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.RolloutHold")]
public enum RolloutHold
{
    None = 0,

    /// <summary>Its plan wants a person's word here. What is bad still rolls it back.</summary>
    AwaitsPerson = 1,

    /// <summary>An analysis could not decide: a person has to look. What is bad still rolls it back.</summary>
    Inconclusive = 2,

    /// <summary>A person wants it to stay as it is, whatever is seen.</summary>
    Frozen = 3,

    /// <summary>Its site or the fleet is being worked on: it goes on by itself when that is over, with its step anew.</summary>
    Maintenance = 4,
}
