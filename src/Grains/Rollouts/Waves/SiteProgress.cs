using OrleansAiFleet.Deployments;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>What a site comes to by what is seen of its target. Pure.</summary>
internal static class SiteProgress
{
    /// <summary>The site after it was looked at; as it was where nothing follows.</summary>
    /// <param name="site">One that is under way.</param>
    /// <param name="modelId">The version that it is to have.</param>
    /// <param name="seen">What is seen of its target.</param>
    /// <param name="refused">Why its beginning, or its way back, was refused; null: it was not.</param>
    /// <param name="now">Now.</param>
    public static FleetRolloutSite Look(FleetRolloutSite site, Guid modelId, SiteSeen? seen, string? refused, DateTimeOffset now)
    {
        seen ??= new(site.Id, null, false, null, null, null);
        if (site.State == FleetSiteState.Returning)
        {
            return IsBack(site, modelId, seen) ? To(site, FleetSiteState.Returned, site.Reason, now)
                : refused is not null && refused != site.Reason ? site with { Reason = refused } : site;
        }

        return refused is not null ? To(site, FleetSiteState.Failed, refused, now)
            : site.Way == FleetSiteWay.Rollout ? LookAtRollout(site, seen, now)
            : LookAtDeployment(site, modelId, seen, now);
    }

    /// <summary>The site in another state.</summary>
    public static FleetRolloutSite To(FleetRolloutSite site, FleetSiteState state, string why, DateTimeOffset now) =>
        site with { State = state, Reason = why, Since = now, IsAccepted = false };

    private static FleetRolloutSite LookAtRollout(FleetRolloutSite site, SiteSeen seen, DateTimeOffset now) => (seen.Phase, seen.IsSettled) switch
    {
        (null, _) => site.State == FleetSiteState.Moving ? To(site, FleetSiteState.Failed, "Its rollout is gone.", now) : site,
        (RolloutPhase.Succeeded, true) => To(site, FleetSiteState.Succeeded, "It has the version.", now),
        (RolloutPhase.RolledBack, true) => To(site, FleetSiteState.RolledBack, seen.Why ?? "Its rollout went back.", now),
        _ => Moves(site, now),
    };

    private static FleetRolloutSite LookAtDeployment(FleetRolloutSite site, Guid modelId, SiteSeen seen, DateTimeOffset now) => seen.Status switch
    {
        null => site,
        DeploymentStatus.Terminated => To(site, FleetSiteState.Failed, "Its deployment was ended.", now),
        DeploymentStatus.Failed => To(site, FleetSiteState.Failed, "Its deployment failed.", now),
        DeploymentStatus.Active when seen.ModelId == modelId => To(site, FleetSiteState.Succeeded, "It has the version.", now),

        // A deployment that was there before tells nothing of whether it was told already.
        _ => site.Way == FleetSiteWay.Deploy ? Moves(site, now) : site,
    };

    private static FleetRolloutSite Moves(FleetRolloutSite site, DateTimeOffset now) =>
        site.State == FleetSiteState.Moving ? site : To(site, FleetSiteState.Moving, "It is on its way.", now);

    // What somebody else changed since is not ours to change: it counts as back.
    private static bool IsBack(FleetRolloutSite site, Guid modelId, SiteSeen seen) => site.Way switch
    {
        FleetSiteWay.Deploy => seen.Status is null or DeploymentStatus.Terminated,
        FleetSiteWay.Switch => seen.ModelId != modelId || seen.Status is null or DeploymentStatus.Terminated,
        _ => seen.Phase is null
            || (seen.IsSettled && (seen.Phase == RolloutPhase.RolledBack
                || seen.ModelId != modelId || seen.Status is null or DeploymentStatus.Terminated)),
    };
}
