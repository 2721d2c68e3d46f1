using System.ComponentModel.DataAnnotations;

using Microsoft.Extensions.Options;

namespace OrleansAiFleet.GpuWorker.Deployments.Scaling;

/// <summary>What this worker has for models. Section <c>Fleet:Capacity</c>.</summary>
internal sealed class CapacityOptions
{
    public const string Section = "Fleet:Capacity";

    /// <summary>Cores; 0 takes those that the process may use.</summary>
    /// <value>The default is 0.</value>
    [Range(0, 4096)]
    public int Cores { get; set; }

    /// <summary>Memory in GB; 0 takes the machine's or the container's.</summary>
    /// <value>The default is 0.</value>
    [Range(0, 1_000_000)]
    public double RamGb { get; set; }

    /// <summary>Memory of the accelerators in GB, where models run on them; 0 takes what their driver says.</summary>
    /// <value>The default is 0.</value>
    [Range(0, 1_000_000)]
    public double GpuMemoryGb { get; set; }
}

[OptionsValidator]
internal sealed partial class CapacityOptionsValidator : IValidateOptions<CapacityOptions>;
