using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Cameras;

/// <summary>How one camera's stream does now. Counters run since the stream started on this worker.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.CameraStatus")]
public sealed record CameraStatus
{
    [Id(0)]
    public required Guid CameraId { get; init; }

    [Id(1)]
    public required Guid SiteId { get; init; }

    [Id(2)]
    public required string Name { get; init; }

    /// <summary>Parsable address of the worker silo.</summary>
    [Id(3)]
    public required string Silo { get; init; }

    [Id(4)]
    public required string PlanRevision { get; init; }

    [Id(5)]
    public StreamState State { get; init; }

    [Id(6)]
    public CameraGrade Grade { get; init; }

    /// <summary>Frames decoded a second, over the last ten seconds.</summary>
    [Id(7)]
    public double FpsDecoded { get; init; }

    /// <summary>Frames inferred a second, over the last ten seconds, all deployments together.</summary>
    [Id(8)]
    public double FpsInferred { get; init; }

    [Id(9)]
    public long FramesDecoded { get; init; }

    [Id(10)]
    public long FramesInferred { get; init; }

    /// <summary>Frames not inferred, by reason; reasons that never happened are absent.</summary>
    [Id(11)]
    public Dictionary<SkipReason, long> FramesSkipped { get; init; } = [];

    [Id(12)]
    public long Detections { get; init; }

    /// <summary>From the frame's arrival to its detections handed to the store, over the last minute.</summary>
    [Id(13)]
    public double? LatencyP50Milliseconds { get; init; }

    /// <summary>See <see cref="LatencyP50Milliseconds"/>.</summary>
    [Id(14)]
    public double? LatencyP95Milliseconds { get; init; }

    [Id(15)]
    public DateTimeOffset? LastFrameAt { get; init; }

    [Id(16)]
    public int ReconnectsLastHour { get; init; }

    /// <summary>Why it is not running, without credentials; null while all is well.</summary>
    [Id(17)]
    public string? Problem { get; init; }

    [Id(18)]
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Deployments whose model is loaded here, whether they get the frames or stand by.</summary>
    [Id(19)]
    public Guid[] Ready { get; init; } = [];

    /// <summary>Those of them that get the frames.</summary>
    [Id(20)]
    public Guid[] Live { get; init; } = [];
}
