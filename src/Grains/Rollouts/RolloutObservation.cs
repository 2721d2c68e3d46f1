namespace OrleansAiFleet.Rollouts;

/// <summary>What is seen of a rollout at one moment.</summary>
/// <param name="Wanted">Cameras that are to be served as the progress says.</param>
/// <param name="Serving">Cameras that are.</param>
/// <param name="Step">What the step's own analysis says.</param>
/// <param name="Always">What the analysis beside all steps says, thresholds of the deployment included.</param>
/// <param name="Maintenance">Why its site is being worked on; null: it is not.</param>
internal readonly record struct RolloutObservation(
    int Wanted, int Serving, RolloutVerdict Step, RolloutVerdict Always, string? Maintenance = null)
{
    public bool IsInPlace => Serving >= Wanted;
}

/// <summary>What an analysis says to its rollout.</summary>
/// <param name="Advice">What to do.</param>
/// <param name="Why">One sentence; empty where there is nothing to say yet.</param>
internal readonly record struct RolloutVerdict(RolloutAdvice Advice, string Why)
{
    /// <summary>Nothing known yet.</summary>
    public static RolloutVerdict Undecided { get; } = new(RolloutAdvice.Wait, "");
}

/// <summary>What to do about a rollout.</summary>
internal enum RolloutAdvice
{
    /// <summary>Undecided.</summary>
    Wait = 0,

    /// <summary>Well: on with it.</summary>
    Advance = 1,

    /// <summary>Neither well nor bad: a person has to look.</summary>
    Hold = 2,

    /// <summary>Bad.</summary>
    RollBack = 3,
}
