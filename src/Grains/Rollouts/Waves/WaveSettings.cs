namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>What a fleet rollout was asked to do; never changes while it runs.</summary>
internal sealed record WaveSettings
{
    public Guid Id { get; init; }

    /// <summary>The version to bring.</summary>
    public Guid ModelId { get; init; }

    /// <summary>How many waves there are.</summary>
    public int Waves { get; init; }

    public int MaxConcurrentSites { get; init; }

    public TimeSpan Soak { get; init; }

    public FailurePolicy FailurePolicy { get; init; } = new();

    public bool AwaitsPerson { get; init; }

    public static WaveSettings Of(FleetRollout row) => new()
    {
        Id = row.Id,
        ModelId = row.ModelId,
        Waves = row.Waves.Length,
        MaxConcurrentSites = row.MaxConcurrentSites,
        Soak = TimeSpan.FromSeconds(row.SoakSeconds),
        FailurePolicy = row.FailurePolicy,
        AwaitsPerson = row.AwaitsPerson,
    };
}

/// <summary>All that changes of a fleet rollout: what follows is a function of it and of what is seen.</summary>
/// <param name="Progress">How far it is.</param>
/// <param name="Sites">By their position.</param>
internal sealed record WaveState(FleetRolloutProgress Progress, IReadOnlyList<FleetRolloutSite> Sites);

/// <summary>What is seen of a fleet rollout at one moment.</summary>
/// <param name="Seen">How targets do, by the site's row.</param>
/// <param name="Refused">Sites whose beginning, or way back, was refused, with the sentence.</param>
/// <param name="Closed">Sites that may not begin now, because none of their windows is open; by site.</param>
internal sealed record WaveObservation(
    IReadOnlyDictionary<Guid, SiteSeen> Seen, IReadOnlyDictionary<Guid, string> Refused, IReadOnlySet<Guid> Closed);
