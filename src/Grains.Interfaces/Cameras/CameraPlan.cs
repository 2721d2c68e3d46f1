using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Cameras;

/// <summary>All a worker needs to run one camera: the camera's row and the deployments that look at it.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.CameraPlan")]
public sealed record CameraPlan
{
    /// <summary>Changes whenever anything in the plan does; equal revisions mean equal plans.</summary>
    [Id(0)]
    public required string Revision { get; init; }

    [Id(1)]
    public required Camera Camera { get; init; }

    [Id(2)]
    public CameraSubscription[] Subscriptions { get; init; } = [];

    /// <summary>Private networks that its site lists: the source may be there besides on the internet.</summary>
    [Id(3)]
    public string[] AllowedNetworks { get; init; } = [];
}

/// <summary>One deployment that looks at a camera.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.CameraSubscription")]
public sealed record CameraSubscription
{
    [Id(0)]
    public required Guid DeploymentId { get; init; }

    [Id(1)]
    public required ModelReference Model { get; init; }

    /// <summary>Lowest confidence stored, 0 to 1.</summary>
    [Id(2)]
    public float ConfidenceThreshold { get; init; } = 0.5f;

    /// <summary>Longest a frame may wait and run before it counts as timed out.</summary>
    [Id(3)]
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>Largest batch this deployment allows.</summary>
    [Id(4)]
    public int BatchSize { get; init; } = 1;

    [Id(5)]
    public SubscriptionMode Mode { get; init; }

    /// <summary>Whose frames it gets, standing by, for as long as that deployment has no model loaded; null: nobody's.</summary>
    [Id(6)]
    public Guid? StandsInFor { get; init; }

    /// <summary>The rollout that it is measured for; null: none.</summary>
    [Id(7)]
    public CameraTrial? Trial { get; init; }

    /// <summary>Where detections of this camera leave the fleet to; none for a trial.</summary>
    [Id(8)]
    public DestinationRoute[] Destinations { get; init; } = [];

    /// <summary>Least time between two frames that it gets, in seconds; 0: it gets every frame.</summary>
    [Id(9)]
    public int IntervalSeconds { get; init; }
}

/// <summary>A rollout that wants to know what both of its versions do on a camera.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.CameraTrial")]
public sealed record CameraTrial
{
    /// <summary>The rollout, and the deployment of its candidate.</summary>
    [Id(0)]
    public required Guid RolloutId { get; init; }

    /// <summary>How long a slot is that is measured by itself.</summary>
    [Id(1)]
    public required int SlotSeconds { get; init; }
}

/// <summary>What a deployment does with a camera that it looks at.</summary>
[GenerateSerializer, Alias("Fleet.SubscriptionMode")]
public enum SubscriptionMode
{
    /// <summary>Gets its frames.</summary>
    Live = 0,

    /// <summary>Has its model loaded beside another deployment that gets the frames, to take over at once.</summary>
    Standby = 1,

    /// <summary>Gets the frames that the other deployment gets; what it finds is measured and stored apart, and nobody is told.</summary>
    Shadow = 2,
}
