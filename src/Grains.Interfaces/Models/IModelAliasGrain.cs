using Orleans.Concurrency;

namespace OrleansAiFleet.Models;

/// <summary>One alias. Key: <see cref="ModelKeys.OfAlias"/>. Its state is its row in <c>model_aliases</c>.</summary>
[Alias("Fleet.IModelAliasGrain")]
public interface IModelAliasGrain : IGrainWithGuidKey
{
    /// <summary>
    /// Makes the alias, or moves it to another version; deployments that follow it take that version up, before the answer where they
    /// can and soon after otherwise.
    /// </summary>
    /// <exception cref="Fleet.FleetRefusedException">The version is none of the model's, or not released and followed in production.</exception>
    [Alias("Point")]
    Task<PointedAlias> Point(ModelAlias alias);

    /// <summary>The alias, or null where nobody made it.</summary>
    [Alias("Get"), ReadOnly]
    Task<ModelAlias?> Get();

    /// <summary>Removes the alias; deployments that followed it stay at the version they have. Idempotent.</summary>
    [Alias("Remove")]
    Task Remove();
}

/// <summary>An alias after it was moved.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.PointedAlias")]
public sealed record PointedAlias
{
    [Id(0)]
    public required ModelAlias Alias { get; init; }

    /// <summary>Deployments that took the version up.</summary>
    [Id(1)]
    public Guid[] Moved { get; init; } = [];

    /// <summary>Why others have not yet.</summary>
    [Id(2)]
    public string[] Warnings { get; init; } = [];
}
