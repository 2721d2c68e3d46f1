namespace OrleansAiFleet.Deployments;

public sealed partial record Deployment
{
    // Configuration parameters

    /// <summary><c>confidence_threshold</c>.</summary>
    [Id(7)]
    public decimal ConfidenceThreshold { get; init; }

    /// <summary><c>batch_size</c>.</summary>
    [Id(8)]
    public int BatchSize { get; init; }

    /// <summary><c>processing_interval_seconds</c>: least time between two frames of a camera that the model looks at; 0: every frame that comes.</summary>
    [Id(9)]
    public int ProcessingIntervalSeconds { get; init; } = 1;

    /// <summary><c>max_concurrent_requests</c>.</summary>
    [Id(10)]
    public int MaxConcurrentRequests { get; init; } = 10;

    /// <summary><c>timeout_seconds</c>.</summary>
    [Id(11)]
    public int TimeoutSeconds { get; init; } = 30;
}
