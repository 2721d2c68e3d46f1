namespace OrleansAiFleet.Storage.Cameras;

/// <summary>A row of <c>erasures</c>: the receipt of what was erased of a camera.</summary>
public sealed record Erasure
{
    public Guid Id { get; init; }

    public Guid CameraId { get; init; }

    /// <summary>Where the camera was.</summary>
    public Guid SiteId { get; init; }

    /// <summary>First moment that was erased; null: from the beginning.</summary>
    public DateTimeOffset? FromTime { get; init; }

    /// <summary>First moment that was not.</summary>
    public DateTimeOffset ToTime { get; init; }

    public string Reason { get; init; } = "";

    /// <summary>The user who asked for it.</summary>
    public Guid? RequestedBy { get; init; }

    /// <summary>Detections that were erased, those that came late among them.</summary>
    public long Detections { get; init; }

    /// <summary>When nothing was left; null: not yet.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
