using OrleansAiFleet.Deployments;
using OrleansAiFleet.Models;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>How each site comes to a version, or why it cannot. Pure.</summary>
internal static class SitePlanner
{
    /// <summary>Sites that can, in their order, and those that cannot.</summary>
    /// <param name="wish">With the template's open values taken from the model.</param>
    /// <param name="model">The version.</param>
    /// <param name="facts">Sites in the order in which waves take them.</param>
    /// <param name="seats">Cameras that any version of the model runs on now; of account where the licence counts them.</param>
    /// <param name="now">Now.</param>
    public static (IReadOnlyList<PlannedSite> Sites, IReadOnlyList<SiteRefusal> Refusals) Plan(
        FleetRolloutWish wish, AiModel model, IReadOnlyList<SiteFacts> facts, int seats, DateTimeOffset now)
    {
        var (sites, refusals) = (new List<PlannedSite>(), new List<SiteRefusal>());
        foreach (var site in facts)
        {
            var planned = new PlannedSite(site, wish.Template, Choose(site, wish.DeploymentIds));
            if (FindRefusal(planned, wish, model, seats + planned.NewSeats, now) is var (code, reason))
            {
                refusals.Add(new() { SiteId = site.Hours.SiteId, Name = site.Name, Code = code, Reason = reason });
            }
            else
            {
                seats += planned.NewSeats;
                sites.Add(planned);
            }
        }

        return (sites, refusals);
    }

    private static PresentDeployment? Choose(SiteFacts site, Guid[] chosen) =>
        site.Deployments.FirstOrDefault(deployment => chosen.Contains(deployment.Id))
        ?? site.Deployments.FirstOrDefault(deployment => deployment.RolloutId is not null)
        ?? site.Deployments.FirstOrDefault();

    private static (SiteRefusalCode Code, string Reason)? FindRefusal(
        PlannedSite planned, FleetRolloutWish wish, AiModel model, int seats, DateTimeOffset now)
    {
        var (site, there) = (planned.Facts, planned.There);
        if (DeploymentPolicy.Judge(planned.Example(wish, model), model, planned.Site, []) is { } refused)
        {
            return (SiteRefusalCode.ModelNotReleased, refused.Message);
        }

        if (site.FleetRolloutId is { } fleet)
        {
            return (SiteRefusalCode.InFleetRollout, $"It is in fleet rollout {fleet:D}, which brings a version of the same model.");
        }

        if (there is not null && FindRefusal(there, site, wish, model) is { } hindrance)
        {
            return hindrance;
        }

        if ((there is null ? site.Cameras.Length : site.AllCameras) == 0)
        {
            return (SiteRefusalCode.NoCameras, "It has no enabled camera that the version could look at.");
        }

        if (LicensePolicy.Judge(model, planned.Site, seats, now).Refusals is [var first, ..])
        {
            return (SiteRefusalCode.License, first);
        }

        return wish.OnlyInWindows && site.Hours.Windows.Length == 0
            ? (SiteRefusalCode.NoWindows, "It has no maintenance windows, and sites are to begin inside theirs alone.")
            : null;
    }

    private static (SiteRefusalCode, string)? FindRefusal(PresentDeployment there, SiteFacts site, FleetRolloutWish wish, AiModel model) => there switch
    {
        { RolloutId: { } rollout } => (SiteRefusalCode.InRollout, $"Its deployment is in rollout {rollout:D}."),
        _ when site.Deployments.Length > 1 && !wish.DeploymentIds.Contains(there.Id) => (
            SiteRefusalCode.SeveralDeployments,
            $"It has {site.Deployments.Length} deployments of {model.Name}: choose one by deployment_ids."),
        _ when there.ModelId == model.Id => (SiteRefusalCode.SameVersion, $"It runs {model.Name} {model.Version} already."),
        { Status: not DeploymentStatus.Active } => (SiteRefusalCode.NotAtWork, $"Its deployment is {there.Status}."),
        { Alias: { } alias } => (SiteRefusalCode.FollowsAlias, $"Its deployment takes versions up by the alias @{alias}: move that instead."),
        _ => null,
    };
}

/// <summary>A site that may come to the version.</summary>
/// <param name="Facts">What there is.</param>
/// <param name="Template">What it gets.</param>
/// <param name="There">The deployment that comes to the version; null: a new one.</param>
internal sealed record PlannedSite(SiteFacts Facts, SiteTemplate Template, PresentDeployment? There)
{
    public FleetSiteWay Way => There is null ? FleetSiteWay.Deploy
        : Template.Steps.Length == 0 ? FleetSiteWay.Switch
        : FleetSiteWay.Rollout;

    /// <summary>Cameras of a new deployment that run no version of the model yet.</summary>
    public int NewSeats => There is null ? Facts.Cameras.Length : 0;

    /// <summary>The site as far as licences go.</summary>
    public Site Site => new() { Id = Facts.Hours.SiteId, Name = Facts.Name, CountryCode = Facts.CountryCode };

    /// <summary>A deployment like the one that the site would have.</summary>
    public Deployment Example(FleetRolloutWish wish, AiModel model)
    {
        var example = FleetRolloutPolicy.DeploymentOf(wish.ModelId, Template, Facts.Hours.SiteId, null);
        return There is null
            ? example
            : example with { DeploymentType = There.Type, BatchSize = Math.Min(example.BatchSize, model.BatchSizeMax ?? int.MaxValue) };
    }

    /// <summary>Its row at its beginning.</summary>
    public FleetRolloutSite ToRow(Guid fleetRolloutId, int wave, int position, DateTimeOffset now) => new()
    {
        Id = SiteKeys.OfSite(fleetRolloutId, Facts.Hours.SiteId),
        FleetRolloutId = fleetRolloutId,
        SiteId = Facts.Hours.SiteId,
        Wave = wave,
        Position = position,
        Way = Way,
        DeploymentId = There?.Id,
        PreviousModelId = There?.ModelId,
        Cameras = There is null && Template.CameraNameContains is not null ? Facts.Cameras : null,
        Reason = "It waits for its turn.",
        Since = now,
    };
}
