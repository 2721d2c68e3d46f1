using OrleansAiFleet.Deployments.Destinations;

namespace OrleansAiFleet.Storage.Deployments.Destinations;

/// <summary>How one destination does. Frames are counted, not detections.</summary>
public sealed record DestinationState
{
    public required string Name { get; init; }

    public required string Kind { get; init; }

    /// <summary>Its deployment sends nothing there any more; what waits is on its way to the dead letters.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>Frames that wait.</summary>
    public long Waiting { get; init; }

    /// <summary>About how many bytes they take in messages.</summary>
    public long WaitingBytes { get; init; }

    /// <summary>Since when the oldest of them waits; null where none does.</summary>
    public DateTimeOffset? OldestWaitingSince { get; init; }

    /// <summary>Frames that their receiver has.</summary>
    public long Delivered { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>Frames that became dead letters, all in all.</summary>
    public long Dead { get; init; }

    /// <summary>Dead letters that are kept now.</summary>
    public long DeadLetters { get; init; }

    /// <summary>
    /// Frames of which nothing is left to send or for which the receiver has no place, and dead letters that are kept no longer.
    /// </summary>
    public long Discarded { get; init; }

    /// <summary>Failures in a row; 0 where the last try was a delivery.</summary>
    public int Failures { get; init; }

    /// <summary>Whether it is tried.</summary>
    public CircuitState Circuit { get; init; }

    /// <summary>When it is tried again; null where that is at once.</summary>
    public DateTimeOffset? NextTryAt { get; init; }

    /// <summary>The last failure in words, or what was waited for last without one.</summary>
    public string? Error { get; init; }

    public DateTimeOffset? ErrorAt { get; init; }
}

/// <summary>A frame that could not be delivered.</summary>
public sealed record DeadLetter
{
    public required long Id { get; init; }

    public required Guid CameraId { get; init; }

    public required DateTimeOffset FrameTime { get; init; }

    public required Guid[] DetectionIds { get; init; }

    /// <summary>Since when it waited.</summary>
    public required DateTimeOffset StoredAt { get; init; }

    public required DateTimeOffset DiedAt { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }
}
