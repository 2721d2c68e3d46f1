namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>
/// Two versions beside each other at a fixed split until it is known which is better: a row of <c>experiments</c>. A is a deployment that is
/// there, B the candidate of a rollout that has the experiment's id.
/// </summary>
[GenerateSerializer, Immutable, Alias("Fleet.Experiment")]
public sealed record Experiment
{
    /// <summary>Also of its rollout, and of B's deployment.</summary>
    [Id(0)]
    public Guid Id { get; init; }

    [Id(1)]
    public Guid SiteId { get; init; }

    [Id(2)]
    public string Name { get; init; } = "";

    /// <summary>A: the deployment that is there.</summary>
    [Id(3)]
    public Guid DeploymentId { get; init; }

    /// <summary>The version that B runs.</summary>
    [Id(4)]
    public Guid ModelId { get; init; }

    /// <summary>What was declared before anything was seen.</summary>
    [Id(5)]
    public ExperimentPlan Plan { get; init; } = new();

    /// <summary>How far it is, and how it ended.</summary>
    [Id(6)]
    public ExperimentProgress Progress { get; init; } = new();

    /// <summary>What is known so far.</summary>
    [Id(7)]
    public ExperimentStanding Standing { get; init; } = new();

    /// <summary>Over, and its rollout was told what follows.</summary>
    [Id(8)]
    public bool IsSettled { get; init; }

    [Id(9)]
    public Guid? CreatedBy { get; init; }

    [Id(10)]
    public DateTimeOffset CreatedAt { get; init; }

    [Id(11)]
    public DateTimeOffset UpdatedAt { get; init; }
}
