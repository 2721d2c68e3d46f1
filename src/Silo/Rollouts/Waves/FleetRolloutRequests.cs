using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

using Microsoft.AspNetCore.Mvc;

using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Rollouts.Waves;

/// <summary>What a version that goes to many sites at once or wave by wave has in common.</summary>
public abstract record ManySites
{
    /// <summary>Id of your choice, so that a repeated request begins nothing twice.</summary>
    public Guid? Id { get; init; }

    /// <summary>The version to bring.</summary>
    [Required]
    public Guid? ModelId { get; init; }

    /// <summary>The sites, in the order in which they begin; left out: those that <c>filter</c> finds now.</summary>
    [MaxLength(5000)]
    public Guid[]? SiteIds { get; init; }

    /// <summary>Sites by what they are, where they are not listed; left out: all on which the caller may deploy.</summary>
    public SiteChoice? Filter { get; init; }

    /// <summary>Deployments to take on sites that have several of the model.</summary>
    [MaxLength(5000)]
    public Guid[]? DeploymentIds { get; init; }

    /// <summary>What every site gets.</summary>
    public SiteTemplate? Template { get; init; }

    /// <summary>Sites that cannot get the version are left out; otherwise one of them refuses the whole.</summary>
    public bool LeavesOutRefused { get; init; }
}

/// <summary>The wish to bring a version to many sites wave by wave.</summary>
public sealed record StartFleetRollout : ManySites
{
    [Required, StringLength(255)]
    public string Name { get; init; } = "";

    /// <summary>Sizes or lists of sites; left out: one site, 10 %, 50 %, the rest. The last wave takes what is left.</summary>
    [MaxLength(100)]
    public WaveSize[]? Waves { get; init; }

    /// <summary>Most sites that are changed at one time.</summary>
    [Range(1, 1000)]
    public int MaxConcurrentSites { get; init; } = 10;

    /// <summary>Wait after each wave before the next.</summary>
    [Range(0, 2_592_000)]
    public int SoakSeconds { get; init; }

    /// <summary>How many sites may fail, and what follows then; left out: the next wave waits for a person as soon as one has failed.</summary>
    public FailurePolicy? FailurePolicy { get; init; }

    /// <summary>A person has to approve every wave but the first.</summary>
    public bool AwaitsPerson { get; init; }

    /// <summary>A site begins inside its own maintenance windows alone.</summary>
    public bool OnlyInWindows { get; init; }

    internal FleetRolloutWish ToWish(Guid[]? allowed, Guid by) => new()
    {
        Id = Id ?? Guid.CreateVersion7(),
        Name = Name,
        ModelId = ModelId!.Value,
        Template = Template ?? new(),
        SiteIds = SiteIds,
        Filter = Filter ?? new(),
        DeploymentIds = DeploymentIds ?? [],
        Waves = Waves ?? [],
        MaxConcurrentSites = MaxConcurrentSites,
        SoakSeconds = SoakSeconds,
        FailurePolicy = FailurePolicy ?? new() { Sites = 1 },
        AwaitsPerson = AwaitsPerson,
        OnlyInWindows = OnlyInWindows,
        LeavesOutRefused = LeavesOutRefused,
        AllowedSites = allowed,
        CreatedBy = by,
    };
}

/// <summary>The wish to bring a version to many sites at once: a fleet rollout of one wave that no failure stops.</summary>
public sealed record BulkDeploy : ManySites
{
    [StringLength(255)]
    public string? Name { get; init; }

    /// <summary>Most sites that are changed at one time.</summary>
    [Range(1, 1000)]
    public int MaxConcurrentSites { get; init; } = 100;

    internal FleetRolloutWish ToWish(Guid[]? allowed, Guid by) => new()
    {
        Id = Id ?? Guid.CreateVersion7(),
        Name = string.IsNullOrWhiteSpace(Name) ? "Bulk deployment" : Name,
        ModelId = ModelId!.Value,
        Template = Template ?? new(),
        SiteIds = SiteIds,
        Filter = Filter ?? new(),
        DeploymentIds = DeploymentIds ?? [],
        Waves = [new() { Percent = 100 }],
        MaxConcurrentSites = MaxConcurrentSites,
        FailurePolicy = new(),
        LeavesOutRefused = LeavesOutRefused,
        AllowedSites = allowed,
        CreatedBy = by,
    };
}

/// <summary>Why a fleet rollout is told something.</summary>
public record FleetRolloutWord
{
    /// <summary>One sentence, kept with the decision.</summary>
    [StringLength(500)]
    public string? Reason { get; init; }
}

/// <summary>Which site is not waited for, and why.</summary>
public sealed record SkipSite
{
    [Required]
    public Guid? SiteId { get; init; }

    /// <summary>One sentence, kept with the decision.</summary>
    [Required, StringLength(500)]
    public string Reason { get; init; } = "";
}

/// <summary>Which fleet rollouts are wanted.</summary>
public sealed record FleetRolloutListFilter
{
    [FromQuery(Name = "model_id")]
    public Guid? ModelId { get; init; }

    [FromQuery(Name = "is_settled"), Description("true: those that are over; false: those that are not.")]
    public bool? IsSettled { get; init; }
}

/// <summary>Which sites of a fleet rollout are wanted.</summary>
public sealed record FleetRolloutSiteFilter
{
    [FromQuery(Name = "state"), Description("waiting, moving, failed …")]
    public Named<FleetSiteState>? State { get; init; }
}
