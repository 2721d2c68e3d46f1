using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Silo.Deployments;

/// <summary>Finds the version that an alias names for a site: the site's own alias goes before the fleet's.</summary>
internal static class FollowedAlias
{
    /// <exception cref="FleetRefusedException">The model has no such alias.</exception>
    public static async Task<Guid> FollowAsync(this IGrainFactory grains, DeployModel request) =>
        await FindAsync(grains, request.ModelName!, request.SiteId, request.ModelAlias!)
        ?? throw new FleetRefusedException(RefusalKind.NotFound, "model_alias", $"There is no alias @{request.ModelAlias} of a model '{request.ModelName}'.");

    /// <summary>A deployment that follows an alias begins at the version that the alias names.</summary>
    /// <exception cref="FleetRefusedException">It names another, or there is none.</exception>
    public static async Task CheckAliasAsync(this IGrainFactory grains, AiModel model, DeployToSite request)
    {
        if (request.ModelAlias is { } alias && await FindAsync(grains, model.Name, request.SiteId, alias) is var named && named != model.Id)
        {
            throw new FleetRefusedException(
                RefusalKind.Conflict,
                "model_alias",
                named is null ? $"{model.Name} has no alias @{alias} here." : $"@{alias} names another version of {model.Name}: leave model_id out.");
        }
    }

    private static async Task<Guid?> FindAsync(IGrainFactory grains, string name, Guid? site, string alias)
    {
        foreach (var place in (Guid?[])[site, null])
        {
            if (await grains.GetGrain<IModelAliasGrain>(ModelKeys.OfAlias(name, place, alias)).Get() is { } found)
            {
                return found.ModelId;
            }
        }

        return null;
    }
}
