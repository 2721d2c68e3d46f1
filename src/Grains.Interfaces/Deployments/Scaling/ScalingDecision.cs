namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>One change of a deployment's instances, or of why there are not as many as wanted: a row of <c>scaling_decisions</c>.</summary>
public sealed record ScalingDecision
{
    /// <summary>Rises with time.</summary>
    public required Guid Id { get; init; }

    public required Guid DeploymentId { get; init; }

    public DateTimeOffset DecidedAt { get; init; }

    /// <summary>Instances before.</summary>
    public int FromInstances { get; init; }

    /// <summary>Instances from now on.</summary>
    public int ToInstances { get; init; }

    /// <summary>Instances that the load asks for; more than <see cref="ToInstances"/> where they do not fit.</summary>
    public int Wanted { get; init; }

    /// <summary>Why, in one sentence or two.</summary>
    public required string Reason { get; init; }

    /// <summary>Busy share of the instances that it rests on, 0 to 100; null where it rests on something else.</summary>
    public double? UtilizationPercent { get; init; }

    /// <summary>Longest wait of a waiting frame at that time, in milliseconds.</summary>
    public double? QueueAgeMilliseconds { get; init; }

    /// <summary>Names of the workers that hold it from now on.</summary>
    public string[] Workers { get; init; } = [];

    /// <summary>From the arrival of the request that started it to that request's answer; null where none did or none came yet.</summary>
    public double? ColdStartMilliseconds { get; init; }
}
