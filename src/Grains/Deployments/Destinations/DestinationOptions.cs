using System.ComponentModel.DataAnnotations;
using System.Net;

using Microsoft.Extensions.Options;

namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>Where detections may be sent, and how hard it is tried. Section <c>Fleet:Destinations</c>.</summary>
public sealed class DestinationOptions : IValidatableObject
{
    public const string Section = "Fleet:Destinations";

    /// <summary>Private networks in which receivers may be, as <c>10.20.0.0/16</c>.</summary>
    /// <value>The default is none: only addresses of the internet.</value>
    public string[] Networks { get; set; } = [];

    /// <summary>Folder below which destinations of the kind file write. Shared by all control silos.</summary>
    /// <value>The default is none: the kind is refused.</value>
    public string? FileRoot { get; set; }

    /// <summary>PEM file with authorities that receivers' certificates may be from, besides those that the machine trusts.</summary>
    /// <value>The default is none. It is read at the start.</value>
    public string? AuthoritiesFile { get; set; }

    /// <summary>How often a control silo looks for what is to be sent.</summary>
    /// <value>The default is half a second.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Most destinations that one control silo sends to at the same time.</summary>
    /// <value>The default is 32.</value>
    [Range(1, 1024)]
    public int Concurrency { get; set; } = 32;

    /// <summary>Longest that one try may take.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a control silo has a destination to itself without saying so again; after its death another one takes it over.</summary>
    /// <value>The default is 20 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Longest wait after the first failure; doubles with each that follows. The wait itself is drawn between nothing and that.</summary>
    /// <value>The default is 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan ShortestBackoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait that it doubles up to, also where the receiver asks for more.</summary>
    /// <value>The default is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan LongestBackoff { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Failures in a row after which the circuit is open.</summary>
    /// <value>The default is 5.</value>
    [Range(1, 1000)]
    public int CircuitFailures { get; set; } = 5;

    /// <summary>Shortest wait while the circuit is open; the try after it decides.</summary>
    /// <value>The default is 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan CircuitOpen { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Refusals after which a message becomes a dead letter, where trying again cannot help (400, 401, 404, 410 …).</summary>
    /// <value>The default is 3.</value>
    [Range(1, 1000)]
    public int RefusalsUntilDead { get; set; } = 3;

    /// <summary>Longest that a frame waits for its receiver; then it becomes a dead letter.</summary>
    /// <value>The default is one day.</value>
    [Range(typeof(TimeSpan), "00:00:01", "90.00:00:00")]
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Most bytes that wait for one destination; beyond it the oldest frames become dead letters.</summary>
    /// <value>The default is 256 MiB.</value>
    [Range(1L << 10, 1L << 40)]
    public long MostBytesWaiting { get; set; } = 256L << 20;

    /// <summary>Most dead letters of one destination; beyond it the oldest are deleted, and counted.</summary>
    /// <value>The default is 100 000.</value>
    [Range(1, 10_000_000)]
    public int MostDeadLetters { get; set; } = 100_000;

    /// <summary>How long dead letters are kept.</summary>
    /// <value>The default is 30 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan DeadLetterAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often what waits too long is looked for.</summary>
    /// <value>The default is 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(15);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var network in Networks.Where(network => !IPNetwork.TryParse(network, out _)))
        {
            yield return new($"{Section}:{nameof(Networks)}: '{network}' is no network like 10.20.0.0/16.");
        }

        if (FileRoot is not null && !Path.IsPathFullyQualified(FileRoot))
        {
            yield return new($"{Section}:{nameof(FileRoot)} must be a whole path, or left out.");
        }

        if (AuthoritiesFile is not null && !Path.IsPathFullyQualified(AuthoritiesFile))
        {
            yield return new($"{Section}:{nameof(AuthoritiesFile)} must be a whole path, or left out.");
        }

        if (TryTimeout * 1.5 > Lease)
        {
            yield return new(
                $"{Section}:{nameof(Lease)} must be at least one and a half times {nameof(TryTimeout)}: a try that ends after it would be made twice.");
        }

        if (ShortestBackoff > LongestBackoff)
        {
            yield return new($"{Section}:{nameof(ShortestBackoff)} is above {nameof(LongestBackoff)}.");
        }
    }

    /// <summary>The networks, read.</summary>
    public IReadOnlyList<IPNetwork> ParsedNetworks() => [.. Networks.Select(network => IPNetwork.Parse(network))];
}

[OptionsValidator]
internal sealed partial class DestinationOptionsValidator : IValidateOptions<DestinationOptions>;
