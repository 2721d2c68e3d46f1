namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>Whether a destination is tried.</summary>
public enum CircuitState
{
    /// <summary>It is.</summary>
    Closed = 0,

    /// <summary>It failed too often in a row: not before its time.</summary>
    Open = 1,

    /// <summary>That time is over: the next try decides.</summary>
    HalfOpen = 2,
}
