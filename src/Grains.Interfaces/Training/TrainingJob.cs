namespace OrleansAiFleet.Training;

/// <summary>One training run: a row of <c>model_training_jobs</c>.</summary>
/// <remarks>Property names are the column names in C# spelling; ids are never renumbered.</remarks>
[GenerateSerializer, Immutable, Alias("Fleet.TrainingJob")]
public sealed partial record TrainingJob
{
    /// <summary><c>id</c>.</summary>
    [Id(0)]
    public Guid Id { get; init; }

    /// <summary><c>model_id</c>.</summary>
    [Id(1)]
    public Guid ModelId { get; init; }

    /// <summary><c>job_name</c>.</summary>
    [Id(2)]
    public string JobName { get; init; } = "";

    /// <summary><c>job_description</c>.</summary>
    [Id(3)]
    public string? JobDescription { get; init; }
}
