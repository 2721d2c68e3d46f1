namespace OrleansAiFleet.Integrations.Deployments.Destinations;

/// <summary>How a try ended.</summary>
public enum SendOutcome
{
    /// <summary>The receiver has it.</summary>
    Delivered = 0,

    /// <summary>It may have it later: away, slow, busy, or broken for now.</summary>
    Unavailable = 1,

    /// <summary>It says no, and will say so again until somebody changes something.</summary>
    Refused = 2,
}

/// <summary>What came of one try.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">A word for counters: <c>status_503</c>, <c>timeout</c>.</param>
/// <param name="Words">A sentence for people, without secrets.</param>
public sealed record SendResult(SendOutcome Outcome, string Reason, string Words)
{
    /// <summary>How long the receiver asks to be left alone; null: it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Beginning of what the receiver answered, for whoever tries it out; null: nothing.</summary>
    public string? Answer { get; init; }

    public static SendResult Delivered(string words) => new(SendOutcome.Delivered, "delivered", words);

    public static SendResult Unavailable(string reason, string words) => new(SendOutcome.Unavailable, reason, words);

    public static SendResult Refused(string reason, string words) => new(SendOutcome.Refused, reason, words);
}
