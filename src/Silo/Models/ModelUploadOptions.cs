using System.ComponentModel.DataAnnotations;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Limits of model uploads.</summary>
public sealed class ModelUploadOptions
{
    public const string Section = "Fleet:Models";

    /// <summary>Largest model file in bytes.</summary>
    /// <value>The default value is 2 GiB.</value>
    [Range(1, 1L << 40)]
    public long MaxUploadBytes { get; set; } = 2L << 30;
}
