namespace OrleansAiFleet.Trainer.Tests.Training;

/// <summary>Trainings run one after the other: the library's seed and threads are the process'.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TrainingRuns
{
    public const string Name = "training runs";
}
