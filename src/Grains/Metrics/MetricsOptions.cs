using System.ComponentModel.DataAnnotations;

using Microsoft.Extensions.Options;

namespace OrleansAiFleet.Metrics;

/// <summary>How windows are written and closed. Section <c>Fleet:Metrics</c>.</summary>
public sealed class MetricsOptions
{
    public const string Section = "Fleet:Metrics";

    /// <summary>Shortest time between two writes of one open window's row.</summary>
    /// <value>The default value is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan WriteInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after its end a window waits for late reports before it is closed.</summary>
    /// <value>The default value is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:30:00")]
    public TimeSpan CloseGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a control silo looks for windows that nobody settled.</summary>
    /// <value>The default value is 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Most windows settled in one sweep; the rest waits for the next.</summary>
    /// <value>The default value is 500.</value>
    [Range(1, 100_000)]
    public int SweepLimit { get; set; } = 500;

    /// <summary>Most windows settled at a time.</summary>
    /// <value>The default value is 8.</value>
    [Range(1, 1_000)]
    public int SweepConcurrency { get; set; } = 8;
}

[OptionsValidator]
internal sealed partial class MetricsOptionsValidator : IValidateOptions<MetricsOptions>;
