namespace OrleansAiFleet.Storage.Deployments.Destinations;

/// <summary>A destination that one control silo has to itself, as it was when it took it.</summary>
public sealed record DestinationLease
{
    public required Guid DeploymentId { get; init; }

    public required string Name { get; init; }

    /// <summary>Who has it.</summary>
    public required Guid Owner { get; init; }

    /// <summary>Its deployment has no such destination any more.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>How often the receiver said no to the message at the head.</summary>
    public int Refusals { get; init; }

    /// <summary>Last row of the message that failed, which is tried again as it was; null: none failed.</summary>
    public long? HeadUntil { get; init; }

    /// <summary>Most frames in one message.</summary>
    public int BatchSize { get; init; }

    /// <summary>Longest that a frame waits for others.</summary>
    public TimeSpan MaxDelay { get; init; }
}
