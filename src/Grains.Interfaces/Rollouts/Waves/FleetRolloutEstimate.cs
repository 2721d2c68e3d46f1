namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>What a fleet rollout would do, before it begins.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.FleetRolloutEstimate")]
public sealed record FleetRolloutEstimate
{
    [Id(0)]
    public EstimatedWave[] Waves { get; init; } = [];

    /// <summary>Sites that cannot get the version, each with its reason.</summary>
    [Id(1)]
    public SiteRefusal[] Refusals { get; init; } = [];

    /// <summary>Shortest time from now to its end, in seconds.</summary>
    [Id(2)]
    public long ShortestSeconds { get; init; }

    /// <summary>Longest, if no site fails; null: there is no bound.</summary>
    [Id(3)]
    public long? LongestSeconds { get; init; }

    /// <summary>Why there is no bound; empty where there is one.</summary>
    [Id(4)]
    public string[] UnboundedBecause { get; init; } = [];

    /// <summary>How both are computed, sentence by sentence.</summary>
    [Id(5)]
    public string[] Computation { get; init; } = [];
}

/// <summary>One wave of an estimate.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.EstimatedWave")]
public sealed record EstimatedWave
{
    [Id(0)]
    public EstimatedSite[] Sites { get; init; } = [];

    /// <summary>From its first site's beginning to its last site's end, without the wait after it.</summary>
    [Id(1)]
    public long ShortestSeconds { get; init; }

    /// <summary>The same at the longest; null: there is no bound.</summary>
    [Id(2)]
    public long? LongestSeconds { get; init; }
}

/// <summary>One site of an estimate.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.EstimatedSite")]
public sealed record EstimatedSite
{
    [Id(0)]
    public Guid SiteId { get; init; }

    [Id(1)]
    public string Name { get; init; } = "";

    [Id(2)]
    public FleetSiteWay Way { get; init; }

    /// <summary>The deployment that comes to the version; null: a new one.</summary>
    [Id(3)]
    public Guid? DeploymentId { get; init; }

    /// <summary>Cameras that it concerns.</summary>
    [Id(4)]
    public int Cameras { get; init; }
}

/// <summary>Why a site cannot get the version.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.SiteRefusal")]
public sealed record SiteRefusal
{
    [Id(0)]
    public Guid SiteId { get; init; }

    [Id(1)]
    public string Name { get; init; } = "";

    [Id(2)]
    public SiteRefusalCode Code { get; init; }

    /// <summary>One sentence.</summary>
    [Id(3)]
    public string Reason { get; init; } = "";
}

/// <summary>Kinds of reasons.</summary>
[GenerateSerializer, Alias("Fleet.SiteRefusalCode")]
public enum SiteRefusalCode
{
    /// <summary>The version may not be deployed anywhere yet, or any more.</summary>
    ModelNotReleased = 0,

    NoCameras = 1,

    /// <summary>The licence has ended or has no seats left, or the site's country may not have it.</summary>
    License = 2,

    InRollout = 3,

    InFleetRollout = 4,

    SameVersion = 5,

    /// <summary>Its deployment takes versions up by an alias.</summary>
    FollowsAlias = 6,

    /// <summary>It has several deployments of the model, and none was chosen.</summary>
    SeveralDeployments = 7,

    /// <summary>Its deployment is paused or not at work yet.</summary>
    NotAtWork = 8,

    NoWindows = 9,
}
