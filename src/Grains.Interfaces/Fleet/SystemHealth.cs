using OrleansAiFleet.Cameras;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Fleet;

/// <summary>How the whole fleet does, with reasons.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.SystemHealth")]
public sealed record SystemHealth
{
    [Id(0)]
    public HealthLevel Status { get; init; }

    /// <summary>One sentence per thing that is not well; empty while all is.</summary>
    [Id(1)]
    public string[] Reasons { get; init; } = [];

    /// <summary>Every silo of the cluster, workers among them.</summary>
    [Id(2)]
    public ClusterMember[] Silos { get; init; } = [];

    [Id(3)]
    public WorkerStatus[] Workers { get; init; } = [];

    [Id(4)]
    public CameraStatus[] Cameras { get; init; } = [];

    [Id(5)]
    public DateTimeOffset CheckedAt { get; init; }

    /// <summary>Where maintenance is going on: what cameras do there is no reason.</summary>
    [Id(6)]
    public MaintenanceMode[] Maintenance { get; init; } = [];
}

/// <summary>How well something is.</summary>
[GenerateSerializer, Alias("Fleet.HealthLevel")]
public enum HealthLevel
{
    Healthy = 0,

    /// <summary>Works, but not all of it.</summary>
    Degraded = 1,

    /// <summary>No camera that should be watched is watched.</summary>
    Unhealthy = 2,
}

/// <summary>One silo as the cluster's membership has it.</summary>
/// <param name="Silo">Parsable address.</param>
/// <param name="Name">The silo's name.</param>
/// <param name="Status">Orleans' word: Active, Joining, ShuttingDown …</param>
/// <param name="IsWorker">It runs an inference service.</param>
[GenerateSerializer, Immutable, Alias("Fleet.ClusterMember")]
public sealed record ClusterMember(
    [property: Id(0)] string Silo,
    [property: Id(1)] string Name,
    [property: Id(2)] string Status,
    [property: Id(3)] bool IsWorker);
