namespace OrleansAiFleet.Detections;

/// <summary>A person's word about one detection: a row of <c>detection_marks</c>. The last word counts.</summary>
public sealed record DetectionMark
{
    public required Guid DetectionId { get; init; }

    public required Guid CameraId { get; init; }

    public required Guid SiteId { get; init; }

    public required Guid DeploymentId { get; init; }

    /// <summary>The model version.</summary>
    public required Guid ModelId { get; init; }

    /// <summary>When the frame was taken, to the microsecond.</summary>
    public required DateTimeOffset FrameTime { get; init; }

    public required string ClassName { get; init; }

    /// <summary>Found by a version that looked along unseen.</summary>
    public required bool IsShadow { get; init; }

    public required DetectionVerdict Verdict { get; init; }

    public string? Comment { get; init; }

    /// <summary>Whose word it is.</summary>
    public Guid? MarkedBy { get; init; }

    /// <summary>Since when the verdict is this one.</summary>
    public required DateTimeOffset MarkedAt { get; init; }
}
