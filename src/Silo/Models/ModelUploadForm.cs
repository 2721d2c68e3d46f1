using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

using OrleansAiFleet.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>The multipart form of a model upload, for the API's description alone: the body itself is streamed.</summary>
public sealed record ModelUploadForm
{
    [Required, Description("The model as ONNX.")]
    public required IFormFile File { get; init; }

    [Description("Id of your choice, so that a repeated request creates nothing twice.")]
    public Guid? Id { get; init; }

    [Required, StringLength(255)]
    public required string Name { get; init; }

    [StringLength(50), Description("The next whole number where it is left out.")]
    public string? Version { get; init; }

    [Description("The category's own where it is left out.")]
    public ModelType? ModelType { get; init; }

    [Required, StringLength(255), Description("PPE Detection, Person Detection … GET /api/admin/model-categories has them.")]
    public required string Category { get; init; }

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

    [Description("Documentation, any number of files.")]
    public IFormFileCollection? Documentation { get; init; }

    [Description("Class names, index = class id: one a line, or a JSON array; as text or as a file.")]
    public string? Labels { get; init; }

    [Description("How pictures go in and objects come out; what is left out is found out.")]
    public ModelConfiguration? Configuration { get; init; }
}
