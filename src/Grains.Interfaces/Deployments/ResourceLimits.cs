using System.Text.Json.Serialization;

using OrleansAiFleet.Deployments.Scaling;

namespace OrleansAiFleet.Deployments;

/// <summary>What all instances of a deployment together may take: <c>resource_limits</c>. What is null is bound by <c>max_instances</c> alone.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ResourceLimits
{
    /// <summary>Memory of accelerators in GB.</summary>
    public decimal? GpuMemoryGb { get; init; }

    /// <summary>Memory of workers without one, in GB.</summary>
    public decimal? RamGb { get; init; }

    /// <summary>Cores.</summary>
    public int? CpuCores { get; init; }

    /// <summary>How many instances of this need keep to the limits; at least one, which cameras may rely on.</summary>
    public int MostInstances(InstanceNeed need)
    {
        ArgumentNullException.ThrowIfNull(need);
        var most = new[] { Fit(GpuMemoryGb, need.GpuMemoryGb), Fit(RamGb, need.RamGb), Fit(CpuCores, need.Cores) }.Min();
        return Math.Max(1, most);
    }

    private static int Fit(decimal? limit, decimal need) =>
        limit is { } most && need > 0 ? (int)Math.Min(int.MaxValue, decimal.Floor(most / need)) : int.MaxValue;
}
