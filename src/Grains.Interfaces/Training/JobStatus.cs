namespace OrleansAiFleet.Training;

/// <summary>Values of <c>model_training_jobs.job_status</c>. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.JobStatus")]
public enum JobStatus
{
    Queued = 0,
    Initializing = 1,
    Running = 2,
    Paused = 3,
    Completed = 4,
    Failed = 5,
    Cancelled = 6,
}
