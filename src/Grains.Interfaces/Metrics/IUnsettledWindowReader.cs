namespace OrleansAiFleet.Metrics;

/// <summary>Finds windows whose row does not say yet what their stored reports say.</summary>
public interface IUnsettledWindowReader
{
    /// <summary>
    /// Windows that ended before <paramref name="endedBefore"/> and have no closed row, or whose row was calculated before
    /// their latest report was stored. Oldest first.
    /// </summary>
    Task<IReadOnlyList<WindowKey>> ReadUnsettledAsync(
        DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken);
}
