using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Training;

public sealed partial record TrainingJob
{
    // Experiment tracking

    /// <summary><c>experiment_name</c>.</summary>
    [Id(54)]
    public string? ExperimentName { get; init; }

    /// <summary><c>experiment_tags</c>: Array of experiment tags.</summary>
    [Id(55)]
    public JsonText? ExperimentTags { get; init; }

    /// <summary><c>parent_experiment_id</c>: Reference to parent experiment.</summary>
    [Id(56)]
    public Guid? ParentExperimentId { get; init; }

    /// <summary><c>experiment_notes</c>.</summary>
    [Id(57)]
    public string? ExperimentNotes { get; init; }

    /// <summary><c>reproducibility_seed</c>.</summary>
    [Id(58)]
    public int? ReproducibilitySeed { get; init; }
}
