namespace OrleansAiFleet.Deployments.Optimization;

/// <summary>What one instance did with its share of the deployment's frames under settings that were tried.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ConfigurationMeasurement")]
public sealed record ConfigurationMeasurement
{
    [Id(0)]
    public TrialConfiguration Configuration { get; init; } = new();

    /// <summary>The worker it was measured on: its parsable address.</summary>
    [Id(1)]
    public string Worker { get; init; } = "";

    /// <summary>How long it took.</summary>
    [Id(2)]
    public double Seconds { get; init; }

    /// <summary>Frames that were due for one instance.</summary>
    [Id(3)]
    public int Frames { get; init; }

    /// <summary>Those of them that were inferred; the others came too fast.</summary>
    [Id(4)]
    public int Inferred { get; init; }

    /// <summary>From a frame's arrival to its objects; null where none was inferred.</summary>
    [Id(5)]
    public double? LatencyP50Milliseconds { get; init; }

    /// <summary>See <see cref="LatencyP50Milliseconds"/>.</summary>
    [Id(6)]
    public double? LatencyP95Milliseconds { get; init; }

    /// <summary>Share of its time that the instance was busy, 0 to 1.</summary>
    [Id(7)]
    public double BusyShare { get; init; }

    /// <summary>Time of the instance for one frame that was inferred.</summary>
    [Id(8)]
    public double MillisecondsPerFrame { get; init; }

    /// <summary>Objects that were found in the same frames as now, by at least one of both; share of them that both found. Null: there were none.</summary>
    [Id(9)]
    public double? Agreement { get; init; }

    /// <summary>Frames in which objects were compared.</summary>
    [Id(10)]
    public int ComparedFrames { get; init; }

    /// <summary>Why it could not be measured, or null.</summary>
    [Id(11)]
    public TrialFault? Fault { get; init; }

    /// <summary>The fault in words.</summary>
    [Id(12)]
    public string? FaultReason { get; init; }

    /// <summary>Largest batch that the worker runs at this resolution: more is not faster there.</summary>
    [Id(13)]
    public int MaximumBatch { get; init; } = 1;

    /// <summary>Frames a second that were due.</summary>
    public double FramesPerSecond => Seconds > 0 ? Frames / Seconds : 0;

    /// <summary>Share of the frames that came too fast, 0 to 1.</summary>
    public double LostShare => Frames > 0 ? 1 - ((double)Inferred / Frames) : 0;
}

/// <summary>Why settings could not be measured. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.TrialFault")]
public enum TrialFault
{
    /// <summary>The model cannot be run so.</summary>
    Unusable = 0,

    /// <summary>No frame came from the cameras.</summary>
    NoFrames = 1,

    /// <summary>Live frames began to wait: cameras go first.</summary>
    CamerasWaited = 2,

    /// <summary>The worker tries something else.</summary>
    Busy = 3,

    /// <summary>The worker went away or did not answer.</summary>
    WorkerLost = 4,
}
