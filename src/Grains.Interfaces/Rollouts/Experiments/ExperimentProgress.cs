namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>How far an experiment is.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ExperimentProgress")]
public sealed record ExperimentProgress
{
    [Id(0)]
    public ExperimentPhase Phase { get; init; }

    [Id(1)]
    public ExperimentVerdict Verdict { get; init; }

    /// <summary>When the phase began.</summary>
    [Id(2)]
    public DateTimeOffset Since { get; init; }

    /// <summary>Since when the split is as declared and counts; null: not yet.</summary>
    [Id(3)]
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Why it is where it is; at the end the verdict in words.</summary>
    [Id(4)]
    public string Reason { get; init; } = "";

    /// <summary>Who ended it; null: nobody but the experiment itself.</summary>
    [Id(5)]
    public Guid? StoppedBy { get; init; }
}

/// <summary>Where an experiment is. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.ExperimentPhase")]
public enum ExperimentPhase
{
    /// <summary>Not all cameras are served as declared yet.</summary>
    Pending = 0,

    /// <summary>Slots are counted.</summary>
    Running = 1,

    /// <summary>There is a verdict, or its time is over.</summary>
    Concluded = 2,

    /// <summary>A person ended it before; A has its cameras back.</summary>
    Stopped = 3,

    /// <summary>Its rollout was promoted or went back without it: by a person, or because a guard failed.</summary>
    Overtaken = 4,
}

/// <summary>What an experiment found. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.ExperimentVerdict")]
public enum ExperimentVerdict
{
    /// <summary>Nothing yet, or it ended without.</summary>
    None = 0,

    /// <summary>B is better in at least one metric, and in none worse by as much as matters.</summary>
    BIsBetter = 1,

    /// <summary>B is worse in at least one metric.</summary>
    BIsWorse = 2,

    /// <summary>B is different where neither more nor less is better: a person has to say what that means.</summary>
    BIsDifferent = 3,

    /// <summary>No metric differs by as much as matters.</summary>
    NoDifference = 4,

    /// <summary>Its time was over before anything was sure.</summary>
    Undecided = 5,
}
