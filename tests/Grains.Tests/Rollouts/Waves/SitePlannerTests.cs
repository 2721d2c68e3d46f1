using OrleansAiFleet.Deployments;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Waves;

namespace OrleansAiFleet.Grains.Tests.Rollouts.Waves;

public sealed class SitePlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly AiModel Model = Rows.Released(Rows.Model());

    [Theory]
    [InlineData(false, false, FleetSiteWay.Deploy)]
    [InlineData(true, false, FleetSiteWay.Switch)]
    [InlineData(true, true, FleetSiteWay.Rollout)]
    public void Way_of_a_site_follows_from_what_is_there_and_the_steps(bool hasDeployment, bool hasSteps, FleetSiteWay way)
    {
        var site = hasDeployment ? Site() with { Deployments = [There()] } : Site();
        var template = new SiteTemplate { Steps = hasSteps ? [new() { Kind = RolloutStepKind.SetWeight, Weight = 5 }] : [] };

        var (sites, refusals) = Plan(wish => wish with { Template = template }, Model, site);

        Assert.Empty(refusals);
        Assert.Equal(way, sites[0].Way);
        var row = sites[0].ToRow(Guid.NewGuid(), 2, 7, Now);
        Assert.Equal((site.Deployments.FirstOrDefault()?.Id, site.Deployments.FirstOrDefault()?.ModelId), (row.DeploymentId, row.PreviousModelId));
        Assert.Null(row.TargetId);
    }

    [Fact]
    public void Every_hindrance_has_its_code()
    {
        var (one, other) = (There(), There());
        (SiteRefusalCode Code, SiteFacts Site)[] cases =
        [
            (SiteRefusalCode.NoCameras, Site() with { Cameras = [] }),
            (SiteRefusalCode.InRollout, Site() with { Deployments = [one with { RolloutId = Guid.NewGuid() }] }),
            (SiteRefusalCode.InFleetRollout, Site() with { FleetRolloutId = Guid.NewGuid() }),
            (SiteRefusalCode.SameVersion, Site() with { Deployments = [one with { ModelId = Model.Id }] }),
            (SiteRefusalCode.FollowsAlias, Site() with { Deployments = [one with { Alias = "champion" }] }),
            (SiteRefusalCode.SeveralDeployments, Site() with { Deployments = [one, other] }),
            (SiteRefusalCode.NotAtWork, Site() with { Deployments = [one with { Status = DeploymentStatus.Paused }] }),
            (SiteRefusalCode.NoWindows, Site()),
        ];

        Assert.All(cases, each =>
        {
            var (sites, refusals) = Plan(wish => wish with { OnlyInWindows = each.Code == SiteRefusalCode.NoWindows }, Model, each.Site);
            Assert.Empty(sites);
            Assert.Equal((each.Code, each.Site.Hours.SiteId), (refusals[0].Code, refusals[0].SiteId));
            Assert.EndsWith(".", refusals[0].Reason, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Deployment_that_was_chosen_is_taken_among_several()
    {
        var (one, other) = (There(), There());

        var (sites, _) = Plan(wish => wish with { DeploymentIds = [other.Id] }, Model, Site() with { Deployments = [one, other] });

        Assert.Equal(other.Id, sites[0].There!.Id);
    }

    [Fact]
    public void Seats_of_a_licence_are_counted_from_site_to_site()
    {
        var (sites, refusals) = Plan(wish => wish, Model with { LicenseSeats = 7 }, seats: 3, Site(), Site(), Site() with { Deployments = [There()] });

        Assert.Equal(2, sites.Count);
        Assert.Equal(SiteRefusalCode.License, Assert.Single(refusals).Code);
    }

    [Fact]
    public void Version_that_is_not_released_goes_nowhere_but_on_trial()
    {
        var model = Rows.Model();

        var (_, refusals) = Plan(wish => wish, model, Site());
        var (trial, _) = Plan(wish => wish with { Template = new() { DeploymentType = DeploymentType.Testing } }, model, Site());

        Assert.Equal(SiteRefusalCode.ModelNotReleased, refusals[0].Code);
        Assert.Single(trial);
    }

    [Fact]
    public void Export_restriction_leaves_a_country_out()
    {
        var model = Model with { ExportRestrictions = "not: NO" };

        var (sites, refusals) = Plan(wish => wish, model, Site() with { CountryCode = "NO" }, Site() with { CountryCode = "DE" });

        Assert.Equal((1, SiteRefusalCode.License), (sites.Count, Assert.Single(refusals).Code));
    }

    private static (IReadOnlyList<PlannedSite> Sites, IReadOnlyList<SiteRefusal> Refusals) Plan(
        Func<FleetRolloutWish, FleetRolloutWish> change, AiModel model, params SiteFacts[] sites) => Plan(change, model, seats: 0, sites);

    private static (IReadOnlyList<PlannedSite> Sites, IReadOnlyList<SiteRefusal> Refusals) Plan(
        Func<FleetRolloutWish, FleetRolloutWish> change, AiModel model, int seats, params SiteFacts[] sites) => SitePlanner.Plan(
        FleetRolloutPolicy.Complete(change(new() { Id = Guid.NewGuid(), Name = "All", ModelId = model.Id }), model), model, sites, seats, Now);

    private static SiteFacts Site() => new()
    {
        Hours = new(Guid.NewGuid(), "Europe/Berlin", []),
        Name = "North",
        CountryCode = "DE",
        Cameras = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()],
        AllCameras = 3,
    };

    private static PresentDeployment There() => new(Guid.NewGuid(), Guid.NewGuid(), DeploymentStatus.Active, DeploymentType.Production, null, null);
}
