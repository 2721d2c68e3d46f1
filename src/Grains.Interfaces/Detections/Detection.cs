namespace OrleansAiFleet.Detections;

/// <summary>One object found in one frame: a row of <c>detections</c>.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.Detection")]
public sealed record Detection
{
    /// <summary>Derived from camera, deployment, frame time and ordinal: storing a frame twice stores it once.</summary>
    [Id(0)]
    public required Guid Id { get; init; }

    [Id(1)]
    public required Guid CameraId { get; init; }

    [Id(2)]
    public required Guid SiteId { get; init; }

    [Id(3)]
    public required Guid DeploymentId { get; init; }

    /// <summary>The model version.</summary>
    [Id(4)]
    public required Guid ModelId { get; init; }

    /// <summary>When the frame was taken, to the microsecond.</summary>
    [Id(5)]
    public required DateTimeOffset FrameTime { get; init; }

    /// <summary>Number of the frame since the stream started.</summary>
    [Id(6)]
    public long FrameNumber { get; init; }

    /// <summary>Same object over frames of one camera and deployment; null until the tracker is sure.</summary>
    [Id(7)]
    public long? TrackId { get; init; }

    [Id(8)]
    public int ClassId { get; init; }

    [Id(9)]
    public string ClassName { get; init; } = "";

    /// <summary>0 to 1.</summary>
    [Id(10)]
    public float Confidence { get; init; }

    /// <summary>Left edge, 0 to 1 of the picture's width.</summary>
    [Id(11)]
    public float X { get; init; }

    /// <summary>Top edge, 0 to 1 of the picture's height.</summary>
    [Id(12)]
    public float Y { get; init; }

    [Id(13)]
    public float Width { get; init; }

    [Id(14)]
    public float Height { get; init; }
}
