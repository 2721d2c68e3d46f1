namespace OrleansAiFleet.Metrics;

/// <summary>
/// What one reporter measured in one window so far: totals, not differences, so that taking a report twice or missing one
/// in between changes nothing.
/// </summary>
[GenerateSerializer, Immutable, Alias("Fleet.WindowReport")]
public sealed record WindowReport
{
    [Id(0)]
    public required WindowKey Window { get; init; }

    /// <summary>One life of one worker process; a restarted worker is another reporter.</summary>
    [Id(1)]
    public required Guid Reporter { get; init; }

    /// <summary>Grows with every report of this reporter for this window.</summary>
    [Id(2)]
    public required long Sequence { get; init; }

    [Id(3)]
    public required WindowTotals Totals { get; init; }
}
