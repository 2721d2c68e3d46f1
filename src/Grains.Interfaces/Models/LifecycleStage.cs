namespace OrleansAiFleet.Models;

/// <summary>Values of <c>ai_models.lifecycle_stage</c>. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.LifecycleStage")]
public enum LifecycleStage
{
    Experimental = 0,
    Beta = 1,
    Stable = 2,
    Mature = 3,
    Legacy = 4,
}
