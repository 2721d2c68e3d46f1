using OrleansAiFleet.Access;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Rollouts.Waves;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Rollouts.Waves;

public sealed class FleetRolloutReaderTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private IFleetRolloutReader Reader => database.Get<IFleetRolloutReader>();

    private FleetRolloutQueries Queries => database.Get<FleetRolloutQueries>();

    [Fact]
    public async Task Site_is_read_with_its_cameras_its_deployments_of_the_model_and_what_has_it_already()
    {
        var (now, next, other) = (await database.StoreAsync(Rows.Model()), Rows.Model(), await database.StoreAsync(Rows.Model()));
        next = await database.StoreAsync(next with { Name = now.Name, Version = "2" });
        var window = new MaintenanceWindow { Days = [DayOfWeek.Sunday], Start = new(1, 0), End = new(5, 0) };
        var site = await database.StoreAsync(Rows.Site() with { CountryCode = "DE", MaintenanceWindows = [window] });
        var gate = await database.StoreAsync(Rows.Camera(site) with { Name = "North_Gate" });
        var crane = await database.StoreAsync(Rows.Camera(site) with { Name = "NorthXGate" });
        await database.StoreAsync(Rows.Camera(site) with { Name = "North_Gate off", Enabled = false });
        var (there, ofOther, over) = (
            await database.StoreAsync(Rows.Deployment(now, site)),
            await database.StoreAsync(Rows.Deployment(other, site)),
            await database.StoreAsync(Rows.Deployment(now, site) with { DeploymentStatus = DeploymentStatus.Terminated }));
        var rollout = await database.StoreAsync(new Rollout
        {
            Id = Guid.NewGuid(), SiteId = site.Id, StableDeploymentId = there.Id, CandidateModelId = next.Id,
        });
        var fleet = await StoreAsync(next, [site.Id]);

        var facts = Assert.Single(await Reader.ReadSitesAsync(now.Name, [site.Id], new(), "north_gate", CancellationToken.None));

        Assert.Equal([gate.Id], facts.Cameras);
        Assert.Equal(2, facts.AllCameras);
        Assert.NotEqual(gate.Id, crane.Id);
        Assert.Equal((there.Id, now.Id, rollout.Id), (facts.Deployments.Single().Id, facts.Deployments[0].ModelId, facts.Deployments[0].RolloutId));
        Assert.DoesNotContain(facts.Deployments, each => each.Id == ofOther.Id || each.Id == over.Id);
        Assert.Equal(fleet.Id, facts.FleetRolloutId);
        Assert.Equal((DayOfWeek.Sunday, new TimeOnly(1, 0)), (facts.Hours.Windows[0].Days[0], facts.Hours.Windows[0].Start));
        Assert.Equal(facts.Hours.Windows[0].End, (await Reader.ReadHoursAsync([site.Id], CancellationToken.None))[0].Windows[0].End);
    }

    [Fact]
    public async Task Sites_are_chosen_by_country_name_and_whether_they_have_the_model()
    {
        var model = await database.StoreAsync(Rows.Model());
        var mark = $"{Guid.NewGuid():N}";
        var with = await database.StoreAsync(Rows.Site($"b 100%_{mark}") with { CountryCode = "NO" });
        var without = await database.StoreAsync(Rows.Site($"a 100%_{mark}") with { CountryCode = "SE" });
        await database.StoreAsync(Rows.Deployment(model, with));
        async Task<IEnumerable<Guid>> Find(SiteChoice choice) =>
            (await Reader.ReadSitesAsync(model.Name, null, choice with { NameContains = $"100%_{mark.ToUpperInvariant()}" }, null, CancellationToken.None))
            .Select(site => site.Hours.SiteId);

        Assert.Equal([without.Id, with.Id], await Find(new()));
        Assert.Equal([with.Id], await Find(new() { CountryCode = "NO" }));
        Assert.Equal([with.Id], await Find(new() { HasModel = true }));
        Assert.Equal([without.Id], await Find(new() { HasModel = false }));
        Assert.Empty(await Reader.ReadSitesAsync(model.Name, null, new() { NameContains = $"100x_{mark}" }, null, CancellationToken.None));
    }

    [Fact]
    public async Task Targets_of_sites_under_way_are_read_together()
    {
        var (now, next) = (await database.StoreAsync(Rows.Model()), await database.StoreAsync(Rows.Model()));
        var sites = new List<Site>();
        for (var i = 0; i < 4; i++)
        {
            sites.Add(await database.StoreAsync(Rows.Site()));
        }

        var stable = await database.StoreAsync(Rows.Deployment(now, sites[0]));
        var candidate = await database.StoreAsync(Rows.Deployment(next, sites[0]));
        await database.StoreAsync(new Rollout
        {
            Id = candidate.Id, SiteId = sites[0].Id, StableDeploymentId = stable.Id, CandidateModelId = next.Id, IsSettled = true,
            Progress = new() { Phase = RolloutPhase.RolledBack, Reason = "Too slow." },
        });
        var made = await database.StoreAsync(Rows.Deployment(next, sites[1]) with { DeploymentStatus = DeploymentStatus.Deploying });
        var fleet = await StoreAsync(next, [.. sites.Select(site => site.Id)], (site, i) => site with
        {
            Way = i == 0 ? FleetSiteWay.Rollout : FleetSiteWay.Deploy,
            State = i == 3 ? FleetSiteState.Succeeded : FleetSiteState.Moving,
            TargetId = i switch { 0 => candidate.Id, 1 => made.Id, _ => Guid.NewGuid() },
        });

        var seen = (await Reader.ReadTargetsAsync(fleet.Id, CancellationToken.None)).ToDictionary(each => each.Id);

        var rows = (await Queries.ListSitesAsync(fleet.Id, null, new(), CancellationToken.None)).Items;
        Assert.Equal(3, seen.Count);
        Assert.Equal(new(rows[0].Id, RolloutPhase.RolledBack, true, "Too slow.", DeploymentStatus.Active, next.Id), seen[rows[0].Id]);
        Assert.Equal(new(rows[1].Id, null, false, null, DeploymentStatus.Deploying, next.Id), seen[rows[1].Id]);
        Assert.Equal(new(rows[2].Id, null, false, null, null, null), seen[rows[2].Id]);
    }

    [Fact]
    public async Task Sites_are_paged_by_their_position_and_narrowed_by_state()
    {
        var model = await database.StoreAsync(Rows.Model());
        var sites = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            sites.Add((await database.StoreAsync(Rows.Site())).Id);
        }

        var fleet = await StoreAsync(model, [.. sites], (site, i) => site with { State = i % 2 == 0 ? FleetSiteState.Failed : FleetSiteState.Waiting });

        var first = await Queries.ListSitesAsync(fleet.Id, FleetSiteState.Failed, new(2), CancellationToken.None);
        var second = await Queries.ListSitesAsync(fleet.Id, FleetSiteState.Failed, new(2, first.NextCursor), CancellationToken.None);

        Assert.Equal([sites[0], sites[2], sites[4]], first.Items.Concat(second.Items).Select(site => site.SiteId));
        Assert.Null(second.NextCursor);
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(
            () => Queries.ListSitesAsync(fleet.Id, null, new(2, "x"), CancellationToken.None));
        Assert.Equal("cursor", refused.Field);
    }

    [Fact]
    public async Task Lists_show_what_is_within_the_scope_altogether()
    {
        var model = await database.StoreAsync(Rows.Model());
        var (one, other) = (await database.StoreAsync(Rows.Site()), await database.StoreAsync(Rows.Site()));
        var (both, alone) = (await StoreAsync(model, [one.Id, other.Id]), await StoreAsync(model, [one.Id], isSettled: true));
        async Task<IEnumerable<Guid>> List(FleetRolloutFilter filter) =>
            (await Queries.ListAsync(filter with { ModelId = model.Id }, new(), CancellationToken.None)).Items.Select(rollout => rollout.Id);

        Assert.Equal([alone.Id, both.Id], await List(new(Scope: SiteScope.Of([one.Id, other.Id]))));
        Assert.Equal([alone.Id], await List(new(Scope: SiteScope.Of([one.Id]))));
        Assert.Empty(await List(new(Scope: SiteScope.None)));
        Assert.Equal([both.Id], await List(new(IsSettled: false)));
        var open = await Reader.ReadOpenAsync(CancellationToken.None);
        Assert.Contains(both.Id, open);
        Assert.DoesNotContain(alone.Id, open);
    }

    private async Task<FleetRollout> StoreAsync(
        AiModel model, Guid[] sites, Func<FleetRolloutSite, int, FleetRolloutSite>? change = null, bool isSettled = false)
    {
        var fleet = await database.StoreAsync(new FleetRollout
        {
            Id = Guid.NewGuid(), Name = "All", ModelId = model.Id, MaxConcurrentSites = 1, Waves = [new(sites)], IsSettled = isSettled,
        });
        foreach (var (i, site) in sites.Index())
        {
            var row = new FleetRolloutSite
            {
                Id = Guid.NewGuid(), FleetRolloutId = fleet.Id, SiteId = site, Position = i, Since = TimeProvider.System.GetUtcNow(),
            };
            await database.StoreAsync(change?.Invoke(row, i) ?? row);
        }

        return fleet;
    }
}
