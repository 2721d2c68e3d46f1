using System.ComponentModel.DataAnnotations;

namespace OrleansAiFleet.Hosting.Telemetry;

/// <summary>What is measured and sent. Metrics are always served at <c>/metrics</c>.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Fleet:Telemetry";

    /// <summary>Share of traces kept that nobody upstream decided about, 0 to 1.</summary>
    /// <value>The default value is 0.05.</value>
    [Range(0, 1)]
    public double TraceRatio { get; set; } = 0.05;
}
