namespace OrleansAiFleet.Models;

/// <summary>Values of <c>ai_models.model_type</c>. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.ModelType")]
public enum ModelType
{
    ObjectDetection = 0,
    ObjectTracking = 1,
    PersonDetection = 2,
    BehaviorAnalysis = 3,
    DefectDetection = 4,
    Classification = 5,
    Segmentation = 6,
    Custom = 7,
}
