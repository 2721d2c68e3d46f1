namespace OrleansAiFleet.Rollouts;

/// <summary>Where a rollout is. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.RolloutPhase")]
public enum RolloutPhase
{
    /// <summary>Not begun: it waits for its time or for its candidate.</summary>
    Pending = 0,

    /// <summary>It takes its steps.</summary>
    Progressing = 1,

    /// <summary>The candidate has all cameras and takes the place of the stable deployment, which stays warm for a while.</summary>
    Promoting = 2,

    /// <summary>The stable deployment has all cameras again; the candidate is being taken away.</summary>
    RollingBack = 3,

    /// <summary>Final: the candidate took the stable deployment's place.</summary>
    Succeeded = 4,

    /// <summary>Final: the stable deployment stayed.</summary>
    RolledBack = 5,
}
