using System.ComponentModel.DataAnnotations;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>How a host waits for its database at start.</summary>
public sealed class DatabaseStartupOptions
{
    public const string Section = "Fleet:Database";

    /// <summary>How long a starting host waits for a reachable, migrated database before it gives up.</summary>
    /// <value>The default value is 120 seconds.</value>
    [Range(1, 3600)]
    public int StartupTimeoutSeconds { get; set; } = 120;
}
