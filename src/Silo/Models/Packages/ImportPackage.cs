using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

using Microsoft.AspNetCore.Mvc;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>What the importer says beside the package.</summary>
public sealed record ImportPackage
{
    [FromQuery(Name = "id"), Description("Id of your choice for the new version, so that a repeated request creates nothing twice.")]
    public Guid? Id { get; init; }

    [FromQuery(Name = "version"), StringLength(50, MinimumLength = 1), Description("Instead of the package's, where that is taken here.")]
    public string? Version { get; init; }
}
