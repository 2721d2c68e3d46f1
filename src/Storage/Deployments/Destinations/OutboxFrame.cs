using OrleansAiFleet.Detections;

namespace OrleansAiFleet.Storage.Deployments.Destinations;

/// <summary>A frame's detections for one destination: a row of <c>detection_outbox</c>.</summary>
/// <param name="Id">Ascends in the order of a camera's frames.</param>
/// <param name="CameraId">The camera.</param>
/// <param name="FrameTime">When the frame was taken.</param>
/// <param name="StoredAt">Since when it waits.</param>
/// <param name="Detections">What of them is still stored; none where they were erased or are past retention.</param>
public sealed record OutboxFrame(long Id, Guid CameraId, DateTimeOffset FrameTime, DateTimeOffset StoredAt, IReadOnlyList<Detection> Detections);

/// <summary>The frames at the head of a destination.</summary>
/// <param name="Frames">In the order in which they are sent.</param>
/// <param name="Now">The database's time at the reading.</param>
public sealed record OutboxHead(IReadOnlyList<OutboxFrame> Frames, DateTimeOffset Now)
{
    /// <summary>Whether it goes as it is: it is full, is tried again, or its oldest frame waits long enough.</summary>
    public bool IsDue(DestinationLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return Frames.Count > 0
            && (lease.HeadUntil is not null || lease.IsRemoved || Frames.Count >= lease.BatchSize || Now - Frames[0].StoredAt >= lease.MaxDelay);
    }
}
