namespace OrleansAiFleet.Rollouts;

/// <summary>
/// The way of one site from a model version to another: a row of <c>rollouts</c>. Two deployments share the cameras meanwhile, the stable
/// one, which was there, and the candidate; each has windows and detections of its own.
/// </summary>
[GenerateSerializer, Immutable, Alias("Fleet.Rollout")]
public sealed record Rollout
{
    /// <summary>The candidate's deployment, which has the same id: a deployment comes by one rollout at most.</summary>
    [Id(0)]
    public Guid Id { get; init; }

    [Id(1)]
    public Guid SiteId { get; init; }

    [Id(2)]
    public Guid StableDeploymentId { get; init; }

    /// <summary>The version that the candidate runs.</summary>
    [Id(3)]
    public Guid CandidateModelId { get; init; }

    [Id(4)]
    public RolloutStep[] Steps { get; init; } = [];

    /// <summary>Not before; null: at once.</summary>
    [Id(5)]
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>After the last step the candidate takes over by itself; otherwise somebody has to say so.</summary>
    [Id(6)]
    public bool PromotesItself { get; init; } = true;

    /// <summary>How long cameras may take to be served as a step wants it, 10 to 86 400 seconds.</summary>
    [Id(7)]
    public int ProgressDeadlineSeconds { get; init; } = 600;

    /// <summary>How long the stable deployment stays warm after the candidate has all cameras, 0 to 604 800 seconds.</summary>
    [Id(8)]
    public int KeepsWarmSeconds { get; init; } = 30;

    /// <summary>How far it is.</summary>
    [Id(9)]
    public RolloutProgress Progress { get; init; } = new();

    /// <summary>The order in which cameras go over, of those that there were when it began.</summary>
    [Id(10)]
    public Guid[] CameraOrder { get; init; } = [];

    /// <summary>Cameras that the candidate has; where its weight is 100, all.</summary>
    [Id(11)]
    public Guid[] CandidateCameras { get; init; } = [];

    /// <summary>Whether both deployments are as its end wants them; always false before its end.</summary>
    [Id(12)]
    public bool IsSettled { get; init; }

    /// <summary>What happened, oldest first.</summary>
    [Id(13)]
    public RolloutDecision[] Decisions { get; init; } = [];

    [Id(14)]
    public Guid? CreatedBy { get; init; }

    [Id(15)]
    public DateTimeOffset CreatedAt { get; init; }

    [Id(16)]
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What is measured beside all steps, from the candidate's first camera to the end.</summary>
    [Id(17)]
    public AnalysisMetric[] Analysis { get; init; } = [];

    /// <summary>Cameras on which both look, one of them unseen.</summary>
    [Id(18)]
    public Guid[] ShadowCameras { get; init; } = [];

    /// <summary>The analysis of the step that is being taken, or of the last that had one.</summary>
    [Id(19)]
    public AnalysisRun? StepRun { get; init; }

    /// <summary>The analysis beside all steps: <see cref="Analysis"/>, and the thresholds and conditions of the stable deployment.</summary>
    [Id(20)]
    public AnalysisRun? BackgroundRun { get; init; }

    /// <summary>How long a slot is for which cameras are measured, 1 to 60 seconds; 0: nothing is measured.</summary>
    [Id(21)]
    public int SlotSeconds { get; init; }

    /// <summary>It brings back what was there before: nothing is measured, so that nothing takes it to what was left.</summary>
    [Id(22)]
    public bool IsRollback { get; init; }

    /// <summary>
    /// Both versions are measured on the same cameras in slots of at most so many seconds, whatever its metrics: somebody else compares them; 0:
    /// nobody does.
    /// </summary>
    [Id(23)]
    public int CompareSlotSeconds { get; init; }
}

/// <summary>One thing that happened to a rollout.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.RolloutDecision")]
public sealed record RolloutDecision
{
    [Id(0)]
    public DateTimeOffset At { get; init; }

    /// <summary>Who told it to; null: the fleet itself.</summary>
    [Id(1)]
    public Guid? By { get; init; }

    /// <summary>What was told; null: nothing, it followed from what was seen.</summary>
    [Id(2)]
    public RolloutCommand? Command { get; init; }

    /// <summary>How far it was then.</summary>
    [Id(3)]
    public required RolloutProgress Progress { get; init; }

    /// <summary>The analysis that it follows from, with its measurements; null: none.</summary>
    [Id(4)]
    public AnalysisRun? Analysis { get; init; }
}
