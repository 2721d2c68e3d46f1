namespace OrleansAiFleet.Deployments;

/// <summary>Values of <c>model_deployments.priority_level</c>. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.PriorityLevel")]
public enum PriorityLevel
{
    Low = 0,
    Medium = 1,
    High = 2,
    Critical = 3,
}
