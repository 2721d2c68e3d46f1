using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

public sealed partial record AiModel
{
    // Training information

    /// <summary><c>training_dataset_info</c>: Training dataset details.</summary>
    [Id(16)]
    public JsonText? TrainingDatasetInfo { get; init; }

    /// <summary><c>training_images_count</c>.</summary>
    [Id(17)]
    public int? TrainingImagesCount { get; init; }

    /// <summary><c>validation_images_count</c>.</summary>
    [Id(18)]
    public int? ValidationImagesCount { get; init; }

    /// <summary><c>test_images_count</c>.</summary>
    [Id(19)]
    public int? TestImagesCount { get; init; }

    /// <summary><c>training_duration_hours</c>.</summary>
    [Id(20)]
    public decimal? TrainingDurationHours { get; init; }

    /// <summary><c>training_completed_date</c>.</summary>
    [Id(21)]
    public DateTimeOffset? TrainingCompletedDate { get; init; }

    /// <summary><c>training_compute_cost</c>.</summary>
    [Id(22)]
    public decimal? TrainingComputeCost { get; init; }
}
