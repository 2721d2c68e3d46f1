namespace OrleansAiFleet.Inference;

/// <summary>Counters of one model version on one worker, in Triton's words. Times are sums since load, in milliseconds.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ModelRuntimeStatus")]
public sealed record ModelRuntimeStatus
{
    [Id(0)]
    public Guid ModelId { get; init; }

    /// <summary>Model instances: sessions with a thread of their own.</summary>
    [Id(1)]
    public int Instances { get; init; }

    /// <summary>Largest batch an instance takes.</summary>
    [Id(2)]
    public int MaxBatchSize { get; init; }

    /// <summary>Frames inferred.</summary>
    [Id(3)]
    public long InferenceCount { get; init; }

    /// <summary>Batches run.</summary>
    [Id(4)]
    public long ExecutionCount { get; init; }

    /// <summary>Frames waiting now.</summary>
    [Id(5)]
    public int Pending { get; init; }

    [Id(6)]
    public double QueueMilliseconds { get; init; }

    [Id(7)]
    public double ComputeInputMilliseconds { get; init; }

    [Id(8)]
    public double ComputeInferMilliseconds { get; init; }

    [Id(9)]
    public double ComputeOutputMilliseconds { get; init; }

    /// <summary>Time in which instances ran batches, all instances together.</summary>
    [Id(10)]
    public double BusyMilliseconds { get; init; }

    /// <summary>How long the frame that waits longest has waited; 0 where none waits.</summary>
    [Id(11)]
    public double OldestMilliseconds { get; init; }
}
