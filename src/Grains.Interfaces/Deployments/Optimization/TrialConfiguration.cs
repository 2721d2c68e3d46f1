namespace OrleansAiFleet.Deployments.Optimization;

/// <summary>Settings of a deployment that a search varies.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.TrialConfiguration")]
public sealed record TrialConfiguration
{
    /// <summary>Workers that share the frames.</summary>
    [Id(0)]
    public int Instances { get; init; } = 1;

    /// <summary>See <c>model_deployments.batch_size</c>.</summary>
    [Id(1)]
    public int BatchSize { get; init; } = 1;

    /// <summary>Of the model's input in pixels.</summary>
    [Id(2)]
    public int Width { get; init; }

    /// <summary>See <see cref="Width"/>.</summary>
    [Id(3)]
    public int Height { get; init; }

    /// <summary>See <c>model_deployments.processing_interval_seconds</c>; 0: every frame.</summary>
    [Id(4)]
    public int IntervalSeconds { get; init; }
}
