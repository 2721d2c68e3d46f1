namespace OrleansAiFleet.Sites;

/// <summary>A time of the week in which a site may be changed, by the wall clock of the site's time zone.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.MaintenanceWindow")]
public sealed record MaintenanceWindow
{
    /// <summary>Days on which it begins; empty: every day.</summary>
    [Id(0)]
    public DayOfWeek[] Days { get; init; } = [];

    [Id(1)]
    public TimeOnly Start { get; init; }

    /// <summary>Not part of it; at or before the start: of the next day.</summary>
    [Id(2)]
    public TimeOnly End { get; init; }
}
