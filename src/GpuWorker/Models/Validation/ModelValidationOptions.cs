using System.ComponentModel.DataAnnotations;

using Microsoft.Extensions.Options;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>What the process may take that inspects a model.</summary>
internal sealed class ModelValidationOptions
{
    public const string Section = "Fleet:Models";

    /// <summary>Most memory of the process, in bytes.</summary>
    /// <value>Default: 4294967296 (4 GiB).</value>
    [Range(512L << 20, 1L << 40)]
    public long ValidationMemoryBytes { get; set; } = 4L << 30;

    /// <summary>Longest an inspection may take; half a minute more of processor time ends it too.</summary>
    /// <value>Default: 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00")]
    public TimeSpan ValidationTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>User that it runs as where the worker is root.</summary>
    /// <value>Default: <c>nobody</c>.</value>
    [Required]
    public string ValidationUser { get; set; } = "nobody";
}

[OptionsValidator]
internal sealed partial class ModelValidationOptionsValidator : IValidateOptions<ModelValidationOptions>;
