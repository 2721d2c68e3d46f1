namespace OrleansAiFleet.Training;

public sealed partial record TrainingJob
{
    // Error handling

    /// <summary><c>error_message</c>.</summary>
    [Id(44)]
    public string? ErrorMessage { get; init; }

    /// <summary><c>error_stack_trace</c>.</summary>
    [Id(45)]
    public string? ErrorStackTrace { get; init; }

    /// <summary><c>retry_count</c>.</summary>
    [Id(46)]
    public int RetryCount { get; init; }

    /// <summary><c>max_retries</c>.</summary>
    [Id(47)]
    public int MaxRetries { get; init; } = 3;

    /// <summary><c>auto_restart_on_failure</c>.</summary>
    [Id(48)]
    public bool AutoRestartOnFailure { get; init; } = true;
}
