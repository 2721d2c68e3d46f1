namespace OrleansAiFleet.Rollouts;

/// <summary>What a person, or a threshold in a person's name, tells a rollout. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.RolloutCommand")]
public enum RolloutCommand
{
    /// <summary>Nothing goes on by itself.</summary>
    Freeze = 0,

    /// <summary>It goes on by itself again.</summary>
    Resume = 1,

    /// <summary>What it waits for now counts as done.</summary>
    Skip = 2,

    /// <summary>All steps that are left count as done: the candidate takes over.</summary>
    Promote = 3,

    /// <summary>The stable deployment has its cameras back at once.</summary>
    RollBack = 4,
}
