namespace OrleansAiFleet.Rollouts;

/// <summary>One step of a rollout. What it is stands in <see cref="Kind"/>, and only that kind's values count.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.RolloutStep")]
public sealed record RolloutStep
{
    [Id(0)]
    public RolloutStepKind Kind { get; init; }

    /// <summary>
    /// Percent of the cameras, 0 to 100. <see cref="RolloutStepKind.SetWeight"/>: those that the candidate has then;
    /// <see cref="RolloutStepKind.Shadow"/>: those on which the version that has not the camera looks along.
    /// </summary>
    [Id(1)]
    public int Weight { get; init; }

    /// <summary><see cref="RolloutStepKind.Pause"/>: how long; null until somebody says that it goes on.</summary>
    [Id(2)]
    public int? DurationSeconds { get; init; }

    /// <summary><see cref="RolloutStepKind.Analysis"/>: what is measured until it is decided.</summary>
    [Id(3)]
    public AnalysisMetric[] Metrics { get; init; } = [];
}

/// <summary>What a step of a rollout does. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.RolloutStepKind")]
public enum RolloutStepKind
{
    /// <summary>Gives the candidate its share of the cameras, and ends when it serves them.</summary>
    SetWeight = 0,

    /// <summary>Waits.</summary>
    Pause = 1,

    /// <summary>Waits for the step's analysis.</summary>
    Analysis = 2,

    /// <summary>Has both versions look at a share of the cameras from here on, one of them unseen; ends when they serve.</summary>
    Shadow = 3,
}
