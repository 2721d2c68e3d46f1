using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>What models use, by their windows, and what workers have now.</summary>
public sealed record ResourceUtilization
{
    /// <summary>Figures are of windows that begin at this or later.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>And before this.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>One row per version that was at work.</summary>
    public required LiveFigures[] Models { get; init; }

    /// <summary>Workers with the models they have loaded; empty for whoever does not see the whole fleet.</summary>
    public required WorkerStatus[] Workers { get; init; }
}
