namespace OrleansAiFleet.Deployments;

public sealed partial record Deployment
{
    // Performance settings

    /// <summary><c>auto_scaling_enabled</c>.</summary>
    [Id(22)]
    public bool AutoScalingEnabled { get; init; }

    /// <summary><c>min_instances</c>.</summary>
    [Id(23)]
    public int MinInstances { get; init; } = 1;

    /// <summary><c>max_instances</c>.</summary>
    [Id(24)]
    public int MaxInstances { get; init; } = 3;

    /// <summary><c>scale_up_threshold</c>.</summary>
    [Id(25)]
    public decimal ScaleUpThreshold { get; init; } = 80.00m;

    /// <summary><c>scale_down_threshold</c>.</summary>
    [Id(26)]
    public decimal ScaleDownThreshold { get; init; } = 30.00m;
}
