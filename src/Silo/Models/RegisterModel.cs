using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

using OrleansAiFleet.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>The text fields of a model upload.</summary>
public sealed record RegisterModel
{
    [Description("Id of your choice, so that a repeated request creates nothing twice.")]
    public Guid? Id { get; init; }

    [Required, StringLength(255)]
    public string Name { get; init; } = "";

    [Required, StringLength(50)]
    public string Version { get; init; } = "";

    [Required]
    public ModelType? ModelType { get; init; }

    [Required, StringLength(255), Description("Safety Compliance, Equipment Management …")]
    public string Category { get; init; } = "";

    public string? Description { get; init; }

    [StringLength(100), Description("YOLOv8, ResNet, Custom CNN …")]
    public string? Framework { get; init; }

    [StringLength(255)]
    public string? Architecture { get; init; }

    [StringLength(255)]
    public string? Author { get; init; }

    [StringLength(255)]
    public string? Organization { get; init; }

    [StringLength(100)]
    public string? LicenseType { get; init; }

    [Description("Class names, index = class id: one a line, or a JSON array; as text or as a file.")]
    public string? Labels { get; init; }

    [Description("How pictures go in and objects come out; what is left out is found out.")]
    public ModelConfiguration? Configuration { get; init; }
}
