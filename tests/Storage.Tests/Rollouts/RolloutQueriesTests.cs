using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Rollouts;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Rollouts;

public sealed class RolloutQueriesTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private RolloutQueries Queries => database.Get<RolloutQueries>();

    [Fact]
    public async Task Open_rollout_is_found_by_either_of_its_deployments()
    {
        var (site, model) = await SiteAsync();
        var (open, over) = (await StoreAsync(site, model), await StoreAsync(site, model, isSettled: true));

        Assert.Equal(open.Id, await Queries.FindOpenAsync(open.Id, CancellationToken.None));
        Assert.Equal(open.Id, await Queries.FindOpenAsync(open.StableDeploymentId, CancellationToken.None));
        Assert.Null(await Queries.FindOpenAsync(over.Id, CancellationToken.None));
        Assert.Null(await Queries.FindOpenAsync(Guid.NewGuid(), CancellationToken.None));
        var all = await Queries.ReadOpenAsync(CancellationToken.None);
        Assert.Contains(open.Id, all);
        Assert.DoesNotContain(over.Id, all);
    }

    [Fact]
    public async Task Lists_are_narrowed_by_site_deployment_end_and_scope()
    {
        var (site, model) = await SiteAsync();
        var (open, over) = (await StoreAsync(site, model), await StoreAsync(site, model, isSettled: true));

        Assert.Equal([over.Id, open.Id], await ListAsync(new(SiteId: site.Id)));
        Assert.Equal([open.Id], await ListAsync(new(DeploymentId: open.StableDeploymentId)));
        Assert.Equal([over.Id], await ListAsync(new(DeploymentId: over.Id)));
        Assert.Equal([over.Id], await ListAsync(new(SiteId: site.Id, IsSettled: true)));
        Assert.Empty(await ListAsync(new(SiteId: site.Id, Scope: SiteScope.Of([Guid.NewGuid()]))));
    }

    [Fact]
    public async Task Deployment_is_in_one_rollout_at_a_time()
    {
        var (site, model) = await SiteAsync();
        var open = await StoreAsync(site, model);

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(
            () => database.StoreAsync(open with { Id = Guid.NewGuid() }));

        Assert.Equal((RefusalKind.Conflict, "stable_deployment_id"), (refused.Kind, refused.Field));
        await database.StoreAsync(open with { Id = Guid.NewGuid(), IsSettled = true });
    }

    [Fact]
    public async Task Successor_is_found_over_all_that_were_promoted_and_not_over_one_that_went_back()
    {
        var (site, model) = await SiteAsync();
        var first = await StoreAsync(site, model, isSettled: true, phase: RolloutPhase.RolledBack);
        var second = await StoreAsync(site, model, isSettled: true, phase: RolloutPhase.Succeeded, stable: first.StableDeploymentId);
        var third = await StoreAsync(site, model, isSettled: true, phase: RolloutPhase.Succeeded, stable: second.Id);
        await StoreAsync(site, model, phase: RolloutPhase.Promoting, stable: third.Id);

        Assert.Equal(third.Id, await Queries.FindSuccessorAsync(first.StableDeploymentId, CancellationToken.None));
        Assert.Equal(third.Id, await Queries.FindSuccessorAsync(second.Id, CancellationToken.None));
        Assert.Null(await Queries.FindSuccessorAsync(third.Id, CancellationToken.None));
        Assert.Null(await Queries.FindSuccessorAsync(Guid.NewGuid(), CancellationToken.None));
    }

    [Fact]
    public async Task Cameras_are_those_that_are_enabled_and_named()
    {
        var (site, _) = await SiteAsync();
        var one = await database.StoreAsync(Rows.Camera(site) with { Scene = "gate" });
        var other = await database.StoreAsync(Rows.Camera(site));
        var off = await database.StoreAsync(Rows.Camera(site) with { Enabled = false });

        Assert.Equal(
            new RolloutCamera[] { new(one.Id, "gate"), new(other.Id, "") }.OrderBy(camera => camera.Id),
            await Queries.ReadCamerasAsync(site.Id, null, CancellationToken.None));
        Assert.Equal([new(one.Id, "gate")], await Queries.ReadCamerasAsync(site.Id, [one.Id, off.Id], CancellationToken.None));
    }

    private async Task<IEnumerable<Guid>> ListAsync(RolloutFilter filter) =>
        (await Queries.ListAsync(filter, new(), CancellationToken.None)).Items.Select(rollout => rollout.Id);

    private async Task<(Site Site, AiModel Model)> SiteAsync() =>
        (await database.StoreAsync(Rows.Site()), await database.StoreAsync(Rows.Model()));

    private async Task<Rollout> StoreAsync(
        Site site, AiModel model, bool isSettled = false, RolloutPhase phase = RolloutPhase.Pending, Guid? stable = null)
    {
        stable ??= (await database.StoreAsync(Rows.Deployment(model, site))).Id;
        var candidate = await database.StoreAsync(Rows.Deployment(model, site));
        return await database.StoreAsync(new Rollout
        {
            Id = candidate.Id, SiteId = site.Id, StableDeploymentId = stable.Value, CandidateModelId = model.Id, IsSettled = isSettled,
            Progress = new() { Phase = phase },
        });
    }
}
