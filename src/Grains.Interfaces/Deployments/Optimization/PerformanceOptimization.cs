namespace OrleansAiFleet.Deployments.Optimization;

/// <summary>
/// A search for the settings with which a deployment does its work best: a row of <c>performance_optimizations</c>. What it proposes is
/// measured on frames of the deployment's own cameras, which the versions tried see unseen, and is applied when a person says so.
/// </summary>
[GenerateSerializer, Immutable, Alias("Fleet.PerformanceOptimization")]
public sealed record PerformanceOptimization
{
    [Id(0)]
    public Guid Id { get; init; }

    [Id(1)]
    public Guid SiteId { get; init; }

    [Id(2)]
    public Guid DeploymentId { get; init; }

    /// <summary>The version that it runs.</summary>
    [Id(3)]
    public Guid ModelId { get; init; }

    /// <summary>What is wanted.</summary>
    [Id(4)]
    public OptimizationWish Wish { get; init; } = new();

    /// <summary>How far it is, and how it ended.</summary>
    [Id(5)]
    public OptimizationProgress Progress { get; init; } = new();

    /// <summary>What was measured so far.</summary>
    [Id(6)]
    public OptimizationStanding Standing { get; init; } = new();

    /// <summary>Nothing is measured any more.</summary>
    [Id(7)]
    public bool IsSettled { get; init; }

    [Id(8)]
    public Guid? CreatedBy { get; init; }

    [Id(9)]
    public DateTimeOffset CreatedAt { get; init; }

    [Id(10)]
    public DateTimeOffset UpdatedAt { get; init; }
}
