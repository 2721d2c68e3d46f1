namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>The wish to bring a model version to many sites.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.FleetRolloutWish")]
public sealed record FleetRolloutWish
{
    [Id(0)]
    public Guid Id { get; init; }

    [Id(1)]
    public string Name { get; init; } = "";

    /// <summary>The version to bring.</summary>
    [Id(2)]
    public Guid ModelId { get; init; }

    [Id(3)]
    public SiteTemplate Template { get; init; } = new();

    /// <summary>The sites, in the order in which waves take them; null: those that <see cref="Filter"/> finds now.</summary>
    [Id(4)]
    public Guid[]? SiteIds { get; init; }

    [Id(5)]
    public SiteChoice Filter { get; init; } = new();

    /// <summary>Deployments to take on sites that have several of the model.</summary>
    [Id(6)]
    public Guid[] DeploymentIds { get; init; } = [];

    /// <summary>Sizes, or lists of sites; empty: one site, 10 %, 50 %, the rest.</summary>
    [Id(7)]
    public WaveSize[] Waves { get; init; } = [];

    /// <summary>As <see cref="FleetRollout.MaxConcurrentSites"/>.</summary>
    [Id(8)]
    public int MaxConcurrentSites { get; init; } = 10;

    /// <summary>As <see cref="FleetRollout.SoakSeconds"/>.</summary>
    [Id(9)]
    public int SoakSeconds { get; init; }

    [Id(10)]
    public FailurePolicy FailurePolicy { get; init; } = new() { Sites = 1 };

    /// <summary>As <see cref="FleetRollout.AwaitsPerson"/>.</summary>
    [Id(11)]
    public bool AwaitsPerson { get; init; }

    /// <summary>As <see cref="FleetRollout.OnlyInWindows"/>.</summary>
    [Id(12)]
    public bool OnlyInWindows { get; init; }

    /// <summary>Sites that cannot get the version are left out; otherwise one of them refuses the whole.</summary>
    [Id(13)]
    public bool LeavesOutRefused { get; init; }

    /// <summary>Sites on which whoever asks may deploy; null: all.</summary>
    [Id(14)]
    public Guid[]? AllowedSites { get; init; }

    [Id(15)]
    public Guid? CreatedBy { get; init; }
}

/// <summary>Sites by what they are; a value that is null takes all.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.SiteChoice")]
public sealed record SiteChoice
{
    /// <summary>ISO 3166-1 alpha-2.</summary>
    [Id(0)]
    public string? CountryCode { get; init; }

    /// <summary>A part of the name, in whatever case.</summary>
    [Id(1)]
    public string? NameContains { get; init; }

    /// <summary>Those that have a version of the model at work, or those that have none.</summary>
    [Id(2)]
    public bool? HasModel { get; init; }
}

/// <summary>One wave: a number, a percentage or a list of sites. The last wave takes what is left, whatever it says.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.WaveSize")]
public sealed record WaveSize
{
    [Id(0)]
    public int? Sites { get; init; }

    /// <summary>Of all sites, 1 to 100, rounded up.</summary>
    [Id(1)]
    public int? Percent { get; init; }

    /// <summary>Where one wave lists its sites, every wave does.</summary>
    [Id(2)]
    public Guid[]? SiteIds { get; init; }
}
