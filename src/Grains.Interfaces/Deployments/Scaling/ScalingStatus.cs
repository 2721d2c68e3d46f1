namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>How a deployment is scaled now.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ScalingStatus")]
public sealed record ScalingStatus
{
    [Id(0)]
    public required Guid DeploymentId { get; init; }

    /// <summary>
    /// Whether the scheduler says which workers hold its model: with <c>auto_scaling_enabled</c>, and on demand. Otherwise a worker holds
    /// it for as long as a camera's stream there or a request needs it.
    /// </summary>
    [Id(1)]
    public bool IsScheduled { get; init; }

    /// <summary>Instances that the load asks for.</summary>
    [Id(2)]
    public int Wanted { get; init; }

    /// <summary>One for each worker that holds its model, or is to.</summary>
    [Id(3)]
    public InstanceStatus[] Instances { get; init; } = [];

    /// <summary>Why there are fewer than wanted: what is missing, and where it would fit. Null: there are as many.</summary>
    [Id(4)]
    public string? Refusal { get; init; }

    /// <summary>On demand, and no request keeps it awake.</summary>
    [Id(5)]
    public bool IsAsleep { get; init; }

    /// <summary>Busy share of its instances as of the last round, 0 to 100; null where nothing was measured.</summary>
    [Id(6)]
    public double? UtilizationPercent { get; init; }

    /// <summary>How long the frame that waits longest has waited, in milliseconds.</summary>
    [Id(7)]
    public double? QueueAgeMilliseconds { get; init; }

    /// <summary>When the number of instances last changed.</summary>
    [Id(8)]
    public DateTimeOffset? ChangedAt { get; init; }
}

/// <summary>One worker that holds a deployment's model, or is to.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.InstanceStatus")]
public sealed record InstanceStatus
{
    /// <summary>The worker's name.</summary>
    [Id(0)]
    public required string Worker { get; init; }

    /// <summary>Parsable address of its silo.</summary>
    [Id(1)]
    public required string Silo { get; init; }

    [Id(2)]
    public InstanceState State { get; init; }
}

/// <summary>How far an instance is.</summary>
[GenerateSerializer, Alias("Fleet.InstanceState")]
public enum InstanceState
{
    /// <summary>The model is being loaded.</summary>
    Loading = 0,

    /// <summary>It takes frames.</summary>
    Ready = 1,

    /// <summary>It gets no frames any more, or will get none once another one is ready.</summary>
    Leaving = 2,
}
