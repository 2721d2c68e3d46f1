using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace OrleansAiFleet.Storage.Metrics;

/// <summary>How long windows of metrics are kept: <c>Fleet:Metrics</c>.</summary>
public sealed class MetricsRetentionOptions
{
    public const string Section = "Fleet:Metrics";

    /// <summary>Whole UTC days that windows are kept beside today. Default: 400.</summary>
    [Range(1, 3650)]
    public int RetentionDays { get; set; } = 400;
}

[OptionsValidator]
internal sealed partial class MetricsRetentionOptionsValidator : IValidateOptions<MetricsRetentionOptions>;
