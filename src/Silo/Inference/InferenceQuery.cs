using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

using Microsoft.AspNetCore.Mvc;

namespace OrleansAiFleet.Silo.Inference;

/// <summary>What of the answer is wanted.</summary>
public sealed record InferenceQuery
{
    /// <summary>Null: the deployment's threshold.</summary>
    [FromQuery(Name = "confidence"), Range(0, 1), Description("Lowest confidence wanted, 0 to 1; not below the deployment's threshold")]
    public double? Confidence { get; init; }

    /// <summary>Null: all.</summary>
    [FromQuery(Name = "classes"), StringLength(2000), Description("Names of the classes wanted, with commas between: person,helmet")]
    public string? Classes { get; init; }

    /// <summary>The classes as they are compared: null for all.</summary>
    internal HashSet<string>? WantedClasses => string.IsNullOrWhiteSpace(Classes)
        ? null
        : Classes.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
