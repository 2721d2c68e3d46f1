using System.ComponentModel.DataAnnotations;
using System.Net;

using Microsoft.Extensions.Options;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Where models may be fetched from by address.</summary>
public sealed class ModelSourceOptions : IValidatableObject
{
    public const string Section = "Fleet:Models:Sources";

    /// <summary>Beginnings of addresses, with a slash at their end: <c>https://models.example.org/releases/</c>.</summary>
    /// <value>The default is none: nothing is fetched.</value>
    public string[] Allowed { get; set; } = [];

    /// <summary>Private networks in which those hosts may be, as <c>10.20.0.0/16</c>.</summary>
    /// <value>The default is none.</value>
    public string[] Networks { get; set; } = [];

    /// <summary>Longest that fetching one file may take.</summary>
    /// <value>The default is 30 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(30);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var begin in Allowed.Where(begin => !IsBeginning(begin)))
        {
            yield return new($"{Section}:{nameof(Allowed)}: '{begin}' must be http or https, without user, query or fragment, with a slash at its end.");
        }

        foreach (var network in Networks.Where(network => !IPNetwork.TryParse(network, out _)))
        {
            yield return new($"{Section}:{nameof(Networks)}: '{network}' is no network like 10.20.0.0/16.");
        }
    }

    private static bool IsBeginning(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.AbsolutePath.EndsWith('/');
}

[OptionsValidator]
internal sealed partial class ModelSourceOptionsValidator : IValidateOptions<ModelSourceOptions>;
