using System.ComponentModel.DataAnnotations;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>Whose model packages this fleet takes.</summary>
public sealed class ModelPackageOptions : IValidatableObject
{
    public const string Section = "Fleet:Models";

    /// <summary>
    /// Fingerprints (64 hexadecimal digits) of the keys of other fleets whose packages are taken; each fleet says its own at
    /// <c>/api/admin/ai-models/package-key</c>.
    /// </summary>
    /// <value>The default value is none: only what this fleet exported itself is taken.</value>
    public string[] TrustedPublishers { get; set; } = [];

    /// <summary>Says which entry is no fingerprint.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => TrustedPublishers.Index()
        .Where(entry => entry.Item is not { Length: 64 } || !entry.Item.All(char.IsAsciiHexDigit))
        .Select(entry => new ValidationResult($"{Section}:{nameof(TrustedPublishers)}:{entry.Index} must be 64 hexadecimal digits."));
}
