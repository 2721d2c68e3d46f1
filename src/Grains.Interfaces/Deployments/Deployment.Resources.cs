using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments;

public sealed partial record Deployment
{
    // Resource allocation

    /// <summary><c>allocated_gpu_memory_gb</c>.</summary>
    [Id(12)]
    public decimal? AllocatedGpuMemoryGb { get; init; }

    /// <summary><c>allocated_cpu_cores</c>.</summary>
    [Id(13)]
    public int? AllocatedCpuCores { get; init; }

    /// <summary><c>allocated_ram_gb</c>.</summary>
    [Id(14)]
    public decimal? AllocatedRamGb { get; init; }

    /// <summary><c>priority_level</c>.</summary>
    [Id(15)]
    public PriorityLevel PriorityLevel { get; init; } = PriorityLevel.Medium;

    /// <summary><c>resource_limits</c>: Resource limit configurations.</summary>
    [Id(16)]
    public JsonText? ResourceLimits { get; init; }
}
