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

    /// <summary>It answers, and frames went different ways: <see cref="SendResult.Fates"/> has each one's.</summary>
    Sorted = 3,
}

/// <summary>What became of one frame of a message that was sorted.</summary>
public enum FateKind
{
    /// <summary>The receiver has it.</summary>
    Delivered = 0,

    /// <summary>The receiver has nothing that it could belong to, and never will.</summary>
    Pointless = 1,

    /// <summary>Its time has not come: it is tried again, and that is no failure.</summary>
    Waits = 2,

    /// <summary>It is given up.</summary>
    Dead = 3,
}

/// <summary>What became of one frame.</summary>
/// <param name="Kind">In a word.</param>
/// <param name="Words">A sentence for people, without secrets.</param>
public sealed record FrameFate(FateKind Kind, string Words);

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

    /// <summary>Of each frame of the message, in their order, where they were sorted.</summary>
    public IReadOnlyList<FrameFate> Fates { get; init; } = [];

    public static SendResult Delivered(string words) => new(SendOutcome.Delivered, "delivered", words);

    public static SendResult Unavailable(string reason, string words) => new(SendOutcome.Unavailable, reason, words);

    public static SendResult Refused(string reason, string words) => new(SendOutcome.Refused, reason, words);

    /// <summary>Frames went different ways.</summary>
    /// <param name="fates">Of each frame, in their order.</param>
    /// <param name="pause">After how long those that wait are tried again.</param>
    public static SendResult Sorted(IReadOnlyList<FrameFate> fates, TimeSpan pause) =>
        new(SendOutcome.Sorted, "sorted", "Frames went different ways.") { Fates = fates, RetryAfter = pause };
}
