namespace OrleansAiFleet.Training;

public sealed partial record TrainingJob
{
    // Status tracking

    /// <summary><c>job_status</c>.</summary>
    [Id(21)]
    public JobStatus JobStatus { get; init; } = JobStatus.Queued;

    /// <summary><c>progress_percentage</c>.</summary>
    [Id(22)]
    public decimal ProgressPercentage { get; init; }

    /// <summary><c>current_epoch</c>.</summary>
    [Id(23)]
    public int CurrentEpoch { get; init; }

    /// <summary><c>estimated_completion_time</c>.</summary>
    [Id(24)]
    public DateTimeOffset? EstimatedCompletionTime { get; init; }

    /// <summary><c>actual_completion_time</c>.</summary>
    [Id(25)]
    public DateTimeOffset? ActualCompletionTime { get; init; }
}
