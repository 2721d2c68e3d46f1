using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

public sealed partial record AiModel
{
    // Deployment requirements

    /// <summary><c>min_gpu_memory_gb</c>.</summary>
    [Id(37)]
    public decimal? MinGpuMemoryGb { get; init; }

    /// <summary><c>recommended_gpu_models</c>: Array of recommended GPU models.</summary>
    [Id(38)]
    public JsonText? RecommendedGpuModels { get; init; }

    /// <summary><c>cpu_cores_required</c>.</summary>
    [Id(39)]
    public int? CpuCoresRequired { get; init; }

    /// <summary><c>ram_requirement_gb</c>.</summary>
    [Id(40)]
    public decimal? RamRequirementGb { get; init; }

    /// <summary><c>storage_requirement_gb</c>.</summary>
    [Id(41)]
    public decimal? StorageRequirementGb { get; init; }

    /// <summary><c>network_bandwidth_mbps</c>.</summary>
    [Id(42)]
    public int? NetworkBandwidthMbps { get; init; }
}
