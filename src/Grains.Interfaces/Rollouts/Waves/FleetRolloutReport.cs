namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>A fleet rollout with its sites counted.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.FleetRolloutReport")]
public sealed record FleetRolloutReport
{
    [Id(0)]
    public required FleetRollout Rollout { get; init; }

    /// <summary>By wave.</summary>
    [Id(1)]
    public WaveNumbers[] Waves { get; init; } = [];

    /// <summary>The row's version, as an order's <see cref="FleetRolloutOrder.IfMatch"/> takes it.</summary>
    [Id(2)]
    public string RowVersion { get; init; } = "";
}

/// <summary>How many sites of a wave are where.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.WaveNumbers")]
public sealed record WaveNumbers
{
    /// <summary>Index of the wave, from 0.</summary>
    [Id(0)]
    public int Wave { get; init; }

    [Id(1)]
    public int Sites { get; init; }

    [Id(2)]
    public int Waiting { get; init; }

    /// <summary>To the version, begun or about to begin.</summary>
    [Id(3)]
    public int Moving { get; init; }

    [Id(4)]
    public int Succeeded { get; init; }

    [Id(5)]
    public int Failed { get; init; }

    /// <summary>Their own rollout went back, or they came back with the wave or the whole.</summary>
    [Id(6)]
    public int RolledBack { get; init; }

    /// <summary>On the way back.</summary>
    [Id(7)]
    public int Returning { get; init; }

    /// <summary>Left out, or left as they are, by a person.</summary>
    [Id(8)]
    public int Skipped { get; init; }
}
