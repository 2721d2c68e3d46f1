using System.ComponentModel;

using Microsoft.AspNetCore.Mvc;

namespace OrleansAiFleet.Silo.Metrics;

/// <summary>Which windows are wanted.</summary>
public sealed record MetricsFilter
{
    [FromQuery(Name = "from"), Description("Windows that start at or after it.")]
    public DateTimeOffset? From { get; init; }

    [FromQuery(Name = "to"), Description("Windows that start before it.")]
    public DateTimeOffset? To { get; init; }
}
