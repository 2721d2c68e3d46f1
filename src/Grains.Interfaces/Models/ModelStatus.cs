namespace OrleansAiFleet.Models;

/// <summary>Values of <c>ai_models.status</c>. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.ModelStatus")]
public enum ModelStatus
{
    Development = 0,
    Training = 1,
    Testing = 2,
    Validation = 3,
    Approved = 4,
    Deprecated = 5,
    Archived = 6,
}
