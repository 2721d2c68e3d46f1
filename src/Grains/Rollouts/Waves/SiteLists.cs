using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>Which sites a wish names, and in what order. Pure.</summary>
internal static class SiteLists
{
    /// <summary>Ids that are asked for: listed as they are or by waves; null: the filter finds them.</summary>
    public static Guid[]? Asked(FleetRolloutWish wish) => wish.SiteIds
        ?? (wish.Waves.Any(wave => wave.SiteIds is not null) ? [.. wish.Waves.SelectMany(wave => wave.SiteIds!).Distinct()] : null);

    /// <summary>What was found, in the order of the list, and of the filter by name.</summary>
    /// <param name="wish">The wish.</param>
    /// <param name="found">What was read.</param>
    /// <param name="refusal">Something that it names is not there, or is not the caller's; there is no site; or there are too many.</param>
    public static IReadOnlyList<SiteFacts> Order(FleetRolloutWish wish, IReadOnlyList<SiteFacts> found, out Refusal? refusal)
    {
        var allowed = wish.AllowedSites?.ToHashSet();
        var byId = found.Where(site => allowed?.Contains(site.Hours.SiteId) != false).ToDictionary(site => site.Hours.SiteId);
        var asked = Asked(wish);
        refusal = Refusal.First(
            asked is not null && asked.Any(id => !byId.ContainsKey(id))
                ? Refusal.NotFound("site_ids", $"There is no site {asked.First(id => !byId.ContainsKey(id)):D}.")
                : null,
            FindStranger(wish, byId) is { } stranger
                ? Refusal.NotFound("deployment_ids", $"There is no deployment {stranger:D} of the model on these sites.")
                : null,
            byId.Count is > 0 and <= FleetRolloutPolicy.MostSites
                ? null
                : Refusal.Invalid("filter", $"{byId.Count} sites were found; from 1 to {FleetRolloutPolicy.MostSites} are possible."));
        return refusal is not null ? [] : asked is null ? [.. byId.Values] : [.. asked.Select(id => byId[id])];
    }

    private static Guid? FindStranger(FleetRolloutWish wish, Dictionary<Guid, SiteFacts> sites)
    {
        var there = sites.Values.SelectMany(site => site.Deployments).Select(deployment => deployment.Id).ToHashSet();
        return wish.DeploymentIds.Select(id => (Guid?)id).FirstOrDefault(id => !there.Contains(id!.Value));
    }
}
