namespace OrleansAiFleet.Rollouts;

/// <summary>What a rollout was asked to do; never changes while it runs.</summary>
internal sealed record RolloutSettings
{
    public IReadOnlyList<RolloutStep> Steps { get; init; } = [];

    /// <summary>Not before.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>After the last step the candidate takes over by itself; otherwise somebody has to say so.</summary>
    public bool PromotesItself { get; init; } = true;

    /// <summary>How long cameras may take to be served as a step wants it, before that counts as a failure.</summary>
    public TimeSpan ProgressDeadline { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the stable deployment stays warm after the candidate has all cameras.</summary>
    public TimeSpan KeepsWarm { get; init; } = TimeSpan.FromSeconds(30);
}
