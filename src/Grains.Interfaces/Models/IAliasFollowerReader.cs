namespace OrleansAiFleet.Models;

/// <summary>Finds deployments that follow an alias, out of the rows. Of the host's process.</summary>
public interface IAliasFollowerReader
{
    /// <summary>Live deployments whose alias names another version than they run.</summary>
    /// <param name="name">Of this model alone; null: of all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<AliasFollower>> ReadBehindAsync(string? name, CancellationToken cancellationToken);

    /// <summary>Names of live deployments that follow the alias and are more than a trial.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="siteId">Of the alias of this site; null: of the fleet's.</param>
    /// <param name="alias">The alias.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<string>> ReadInProductionAsync(string name, Guid? siteId, string alias, CancellationToken cancellationToken);
}

/// <summary>A deployment and the version that its alias names.</summary>
public sealed record AliasFollower(Guid DeploymentId, string DeploymentName, Guid ModelId);
