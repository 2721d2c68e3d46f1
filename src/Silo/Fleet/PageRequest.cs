using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

using Microsoft.AspNetCore.Mvc;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>Which page of a list is wanted.</summary>
public sealed record PageRequest
{
    [FromQuery(Name = "limit"), Range(1, 500), Description("Most rows in the answer, 1 to 500; 50 where it is left out.")]
    public int? Limit { get; init; }

    [FromQuery(Name = "cursor"), StringLength(500), Description("next_cursor of the page before.")]
    public string? Cursor { get; init; }

    internal int Rows => Limit ?? 50;
}
