namespace OrleansAiFleet.Rollouts;

/// <summary>
/// Where a measurement, a metric or a whole analysis stands; the words are those of Argo Rollouts. From best to worst:
/// successful, running, pending, inconclusive, error, failed. Stored by name: never rename, never renumber.
/// </summary>
[GenerateSerializer, Alias("Fleet.AnalysisPhase")]
public enum AnalysisPhase
{
    /// <summary>Nothing was measured yet.</summary>
    Pending = 0,

    /// <summary>Measured, and not decided.</summary>
    Running = 1,

    Successful = 2,

    Failed = 3,

    /// <summary>Neither good nor bad: a person decides.</summary>
    Inconclusive = 4,

    /// <summary>It could not be measured.</summary>
    Error = 5,
}
