using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

using OrleansAiFleet.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>What the uploader says of a model version.</summary>
public sealed record RegisterModel
{
    [Description("Id of your choice, so that a repeated request creates nothing twice.")]
    public Guid? Id { get; init; }

    [Required, StringLength(255)]
    public string Name { get; init; } = "";

    [StringLength(50), Description("The next whole number where it is left out.")]
    public string? Version { get; init; }

    [Description("The category's own where it is left out.")]
    public ModelType? ModelType { get; init; }

    [Required, StringLength(255), Description("PPE Detection, Person Detection … GET /api/admin/model-categories has them.")]
    public string Category { get; init; } = "";

    [Description("Class names, index = class id: one a line, or a JSON array; as text or as a file.")]
    public string? Labels { get; init; }

    [Description("How pictures go in and objects come out; what is left out is found out.")]
    public ModelConfiguration? Configuration { get; init; }

    /// <summary>Columns of <see cref="ModelColumns.Free"/> and <see cref="ModelColumns.Found"/> that are given.</summary>
    [JsonIgnore]
    public JsonObject Columns { get; init; } = [];
}
