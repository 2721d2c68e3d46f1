using OrleansAiFleet.Models;

namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>An active deployment as the scheduler sees it.</summary>
public sealed record ScaledDeployment
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required Guid ModelId { get; init; }

    public PriorityLevel Priority { get; init; }

    public bool IsOnDemand { get; init; }

    public bool IsAutoscaled { get; init; }

    public int MinInstances { get; init; } = 1;

    public int MaxInstances { get; init; } = 1;

    /// <summary>Percent.</summary>
    public double ScaleUpThreshold { get; init; }

    /// <summary>Percent.</summary>
    public double ScaleDownThreshold { get; init; }

    /// <summary>What an instance takes.</summary>
    public InstanceNeed Need { get; init; } = new();

    /// <summary>What workers load; null where the scheduler does not place it, or its configuration cannot be read.</summary>
    public ModelReference? Model { get; init; }

    /// <summary>On either side of a rollout that is under way.</summary>
    public bool IsInRollout { get; init; }

    /// <summary>The scheduler says which workers hold it. While versions are compared nobody moves them.</summary>
    public bool IsScheduled => (IsAutoscaled || IsOnDemand) && Model is not null && !IsInRollout;
}

/// <summary>What one instance takes of a worker.</summary>
public sealed record InstanceNeed
{
    /// <summary>Memory of an accelerator in GB: <c>allocated_gpu_memory_gb</c>, else <c>min_gpu_memory_gb</c> of the model.</summary>
    public decimal GpuMemoryGb { get; init; }

    /// <summary>Memory of a worker without one: <c>allocated_ram_gb</c>, else <c>ram_requirement_gb</c>, else the same as on an accelerator.</summary>
    public decimal RamGb { get; init; }

    /// <summary><c>allocated_cpu_cores</c>, else <c>cpu_cores_required</c> of the model.</summary>
    public int Cores { get; init; }
}

/// <summary>What the scheduler decided for a deployment: a row of <c>deployment_scaling</c>.</summary>
public sealed record ScalingState
{
    public required Guid DeploymentId { get; init; }

    public int Wanted { get; init; }

    /// <summary>Parsable addresses of the workers that hold it.</summary>
    public string[] Workers { get; init; } = [];

    public string? Refusal { get; init; }

    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Rises with every write; 0: not stored yet.</summary>
    public long Revision { get; init; }
}
