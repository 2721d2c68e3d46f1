using System.ComponentModel.DataAnnotations;

using Microsoft.Extensions.Options;

namespace OrleansAiFleet.Models;

/// <summary>How model versions are approved.</summary>
public sealed class ModelsOptions
{
    public const string Section = "Fleet:Models";

    /// <summary>How many people must approve a version, none of whom uploaded it.</summary>
    /// <value>The default value is 2.</value>
    [Range(1, 10)]
    public int RequiredApprovals { get; set; } = 2;
}

[OptionsValidator]
internal sealed partial class ModelsOptionsValidator : IValidateOptions<ModelsOptions>;
