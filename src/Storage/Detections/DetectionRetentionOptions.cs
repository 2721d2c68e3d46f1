using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>How long detections are kept: <c>Fleet:Detections</c>.</summary>
public sealed class DetectionRetentionOptions
{
    public const string Section = "Fleet:Detections";

    /// <summary>Whole UTC days that detections are kept beside today. Default: 30.</summary>
    [Range(1, 3650)]
    public int RetentionDays { get; set; } = 30;

    /// <summary>Days ahead of today that have their partition already. Default: 3.</summary>
    [Range(1, 60)]
    public int DaysAhead { get; set; } = 3;

    /// <summary>How often partitions are looked after. Default: 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "12:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Longest that a change of partitions may wait for a lock, so that it never holds up writers. Default: 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(2);
}

[OptionsValidator]
internal sealed partial class DetectionRetentionOptionsValidator : IValidateOptions<DetectionRetentionOptions>;
