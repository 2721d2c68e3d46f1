namespace OrleansAiFleet.Training;

public sealed partial record TrainingJob
{
    // Resource allocation

    /// <summary><c>compute_instance_type</c>.</summary>
    [Id(8)]
    public string? ComputeInstanceType { get; init; }

    /// <summary><c>gpu_count</c>.</summary>
    [Id(9)]
    public int GpuCount { get; init; } = 1;

    /// <summary><c>gpu_type</c>.</summary>
    [Id(10)]
    public string? GpuType { get; init; }

    /// <summary><c>cpu_cores</c>.</summary>
    [Id(11)]
    public int CpuCores { get; init; } = 8;

    /// <summary><c>memory_gb</c>.</summary>
    [Id(12)]
    public int MemoryGb { get; init; } = 32;

    /// <summary><c>storage_gb</c>.</summary>
    [Id(13)]
    public int StorageGb { get; init; } = 100;
}
