using System.ComponentModel.DataAnnotations;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>Limits of the REST API.</summary>
public sealed class ApiOptions
{
    public const string Section = "Fleet:Api";

    /// <summary>Largest request body in bytes, uploads excepted.</summary>
    /// <value>The default value is 1 MiB.</value>
    [Range(1024, 1 << 30)]
    public long MaxRequestBytes { get; set; } = 1 << 20;
}
