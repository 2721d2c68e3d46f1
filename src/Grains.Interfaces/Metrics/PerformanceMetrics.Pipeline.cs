namespace OrleansAiFleet.Metrics;

public sealed partial record PerformanceMetrics
{
    // The pipeline's own counters, beside the customer's columns

    /// <summary><c>frames_decoded</c>: equals inferred + skipped + lost once the window is closed.</summary>
    [Id(100)]
    public long FramesDecoded { get; init; }

    /// <summary><c>frames_inferred</c>.</summary>
    [Id(101)]
    public long FramesInferred { get; init; }

    /// <summary><c>frames_skipped_sampling</c>.</summary>
    [Id(102)]
    public long FramesSkippedSampling { get; init; }

    /// <summary><c>frames_skipped_no_motion</c>.</summary>
    [Id(103)]
    public long FramesSkippedNoMotion { get; init; }

    /// <summary><c>frames_skipped_superseded</c>.</summary>
    [Id(104)]
    public long FramesSkippedSuperseded { get; init; }

    /// <summary><c>frames_skipped_queue_full</c>.</summary>
    [Id(105)]
    public long FramesSkippedQueueFull { get; init; }

    /// <summary><c>frames_skipped_timed_out</c>.</summary>
    [Id(106)]
    public long FramesSkippedTimedOut { get; init; }

    /// <summary><c>frames_skipped_model_not_ready</c>.</summary>
    [Id(107)]
    public long FramesSkippedModelNotReady { get; init; }

    /// <summary><c>frames_skipped_failed</c>.</summary>
    [Id(108)]
    public long FramesSkippedFailed { get; init; }

    /// <summary><c>frames_skipped_stopped</c>.</summary>
    [Id(109)]
    public long FramesSkippedStopped { get; init; }

    /// <summary><c>frames_lost</c>: in flight on a worker that died.</summary>
    [Id(110)]
    public long FramesLost { get; init; }

    /// <summary><c>queue_time_avg_ms</c>.</summary>
    [Id(111)]
    public decimal? QueueTimeAvgMs { get; init; }

    /// <summary><c>preprocess_time_avg_ms</c>.</summary>
    [Id(112)]
    public decimal? PreprocessTimeAvgMs { get; init; }

    /// <summary><c>postprocess_time_avg_ms</c>.</summary>
    [Id(113)]
    public decimal? PostprocessTimeAvgMs { get; init; }

    /// <summary><c>latency_p95_ms</c>: from a frame's arrival to its detections.</summary>
    [Id(114)]
    public decimal? LatencyP95Ms { get; init; }

    /// <summary><c>closed_at</c>: null while the window is open. A report that comes later amends the row and moves <c>calculated_at</c>.</summary>
    [Id(115)]
    public DateTimeOffset? ClosedAt { get; init; }
}
