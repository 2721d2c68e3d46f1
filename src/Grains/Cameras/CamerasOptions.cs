using System.ComponentModel.DataAnnotations;

using Microsoft.Extensions.Options;

using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Cameras;

/// <summary>How cameras are taken and kept running. Section <c>Fleet:Cameras</c>.</summary>
public sealed class CamerasOptions
{
    public const string Section = "Fleet:Cameras";

    /// <summary>Protocols that a source may use, separated by commas. Workers read the same key.</summary>
    /// <value>The default value is <see cref="SourceUrlPolicy.DefaultProtocols"/>.</value>
    [Required]
    public string AllowedProtocols { get; set; } = string.Join(',', SourceUrlPolicy.DefaultProtocols);

    /// <summary>Time between two rounds of the supervisor over all cameras.</summary>
    /// <value>The default value is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan SupervisionInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest time for which wanted plans are taken from memory.</summary>
    /// <value>The default value is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan PlanInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time a round waits for its cameras; one that answers later counts as not answering until then.</summary>
    /// <value>The default value is 3 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Most calls to cameras under way at a time.</summary>
    /// <value>The default value is 256.</value>
    [Range(1, 10_000)]
    public int MaxConcurrentCalls { get; set; } = 256;

    /// <summary>How often every control silo makes sure that the supervisor is awake.</summary>
    /// <value>The default value is 3 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan WakeInterval { get; set; } = TimeSpan.FromSeconds(3);

    internal IReadOnlyCollection<string> Protocols =>
        AllowedProtocols.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

[OptionsValidator]
internal sealed partial class CamerasOptionsValidator : IValidateOptions<CamerasOptions>;
