namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>When a destination is tried again, and when a message is given up. Pure.</summary>
public static class DeliveryPolicy
{
    /// <summary>
    /// How long to wait after a failure: exponential with full jitter, so that many do not come back together. Not less than the receiver
    /// asks for, within what the options allow, nor than an open circuit wants.
    /// </summary>
    /// <param name="failures">Failures in a row, this one among them; at least 1.</param>
    /// <param name="retryAfter">What the receiver asks for, or null.</param>
    /// <param name="options">Shortest and longest.</param>
    /// <param name="chance">Drawn evenly from 0 to 1.</param>
    public static TimeSpan Backoff(int failures, TimeSpan? retryAfter, DestinationOptions options, double chance)
    {
        ArgumentNullException.ThrowIfNull(options);

        // Beyond 2^30 the longest has long been reached.
        var ceiling = options.ShortestBackoff.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 30));
        var wait = TimeSpan.FromSeconds(Math.Min(ceiling, options.LongestBackoff.TotalSeconds) * chance);
        if (IsBroken(failures, options))
        {
            wait = Later(wait, options.CircuitOpen);
        }

        return retryAfter is { } asked ? Later(wait, asked < options.LongestBackoff ? asked : options.LongestBackoff) : wait;
    }

    /// <summary>Whether a message is given up for the receiver's no.</summary>
    /// <param name="refusals">How often the receiver said no to it, this time among them.</param>
    /// <param name="options">How often it may.</param>
    public static bool IsGivenUp(int refusals, DestinationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return refusals >= options.RefusalsUntilDead;
    }

    /// <summary>How the circuit is.</summary>
    /// <param name="failures">Failures in a row.</param>
    /// <param name="waits">The next try is not due yet.</param>
    /// <param name="options">How many open it.</param>
    public static CircuitState CircuitOf(int failures, bool waits, DestinationOptions options) =>
        !IsBroken(failures, options) ? CircuitState.Closed : waits ? CircuitState.Open : CircuitState.HalfOpen;

    private static bool IsBroken(int failures, DestinationOptions options) => failures >= options.CircuitFailures;

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
