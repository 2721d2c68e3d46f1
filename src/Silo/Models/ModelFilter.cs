using System.ComponentModel;

using Microsoft.AspNetCore.Mvc;

using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Which model versions are wanted.</summary>
public sealed record ModelFilter
{
    [FromQuery(Name = "model_type"), Description("object_detection, person_detection …")]
    public Named<ModelType>? ModelType { get; init; }

    [FromQuery(Name = "status"), Description("development, approved …")]
    public Named<ModelStatus>? Status { get; init; }

    [FromQuery(Name = "name"), Description("All versions of one model.")]
    public string? Name { get; init; }
}
