using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Training;

public sealed partial record TrainingJob
{
    // Job configuration

    /// <summary><c>training_type</c>.</summary>
    [Id(4)]
    public TrainingType TrainingType { get; init; }

    /// <summary><c>base_model_id</c>: For transfer learning.</summary>
    [Id(5)]
    public Guid? BaseModelId { get; init; }

    /// <summary><c>dataset_id</c>: Reference to training dataset.</summary>
    [Id(6)]
    public Guid? DatasetId { get; init; }

    /// <summary><c>hyperparameters</c>: Training hyperparameters.</summary>
    [Id(7)]
    public JsonText? Hyperparameters { get; init; }
}
