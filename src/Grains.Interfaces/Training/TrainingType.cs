namespace OrleansAiFleet.Training;

/// <summary>Values of <c>model_training_jobs.training_type</c>. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.TrainingType")]
public enum TrainingType
{
    InitialTraining = 0,
    FineTuning = 1,
    TransferLearning = 2,
    IncrementalLearning = 3,
    ReinforcementLearning = 4,
}
