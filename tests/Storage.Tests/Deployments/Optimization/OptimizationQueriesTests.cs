using OrleansAiFleet.Access;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Access;
using OrleansAiFleet.Storage.Deployments.Optimization;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Storage.Tests.Audit;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Deployments.Optimization;

public sealed class OptimizationQueriesTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private OptimizationQueries Queries => database.Get<OptimizationQueries>();

    [Fact]
    public async Task Lists_are_narrowed_by_site_deployment_end_and_scope()
    {
        var deployment = await DeployAsync();
        var (over, open) = (await StoreAsync(deployment, isSettled: true), await StoreAsync(deployment));

        Assert.Equal([open.Id, over.Id], await ListAsync(new(SiteId: deployment.SiteId)));
        Assert.Equal([open.Id, over.Id], await ListAsync(new(DeploymentId: deployment.Id)));
        Assert.Equal([over.Id], await ListAsync(new(DeploymentId: deployment.Id, IsSettled: true)));
        Assert.Empty(await ListAsync(new(SiteId: deployment.SiteId, Scope: SiteScope.Of([Guid.NewGuid()]))));
        Assert.Contains(open.Id, await Queries.ReadOpenAsync(CancellationToken.None));
        Assert.DoesNotContain(over.Id, await Queries.ReadOpenAsync(CancellationToken.None));
        Assert.Equal(open.Id, await Queries.FindOpenAsync(deployment.Id, CancellationToken.None));
        Assert.Null(await Queries.FindOpenAsync(Guid.NewGuid(), CancellationToken.None));
    }

    [Fact]
    public async Task Second_open_search_of_a_deployment_is_refused()
    {
        var deployment = await DeployAsync();
        await StoreAsync(deployment);

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => StoreAsync(deployment));

        Assert.Equal(RefusalKind.Conflict, refused.Kind);
    }

    [Fact]
    public async Task Place_of_a_search_is_its_deployments_site()
    {
        var deployment = await DeployAsync();
        var search = await StoreAsync(deployment);

        var place = await database.Get<IAccessReader>().FindPlaceAsync(SitePart.Optimization, search.Id, CancellationToken.None);

        Assert.Equal(deployment.SiteId, place?.SiteId);
    }

    [Fact]
    public async Task Trail_has_how_it_ended_and_not_every_measurement()
    {
        var table = new RowTable<PerformanceOptimization>(database.Contexts);
        var search = await StoreAsync(await DeployAsync());
        var version = (await table.FindAsync(search.Id))!.Version;

        var measured = await table.WriteAsync(search.Id, search with { Standing = new() { Measurements = [new() { Frames = 60 }] } }, version);
        await table.WriteAsync(
            search.Id, measured.Row with { Progress = new() { Phase = OptimizationPhase.Proposed, Reason = "Half the load." } }, measured.Version);

        var entries = await database.EntriesOfAsync(search.Id);
        Assert.Equal(["performance_optimizations.create", "performance_optimizations.update"], entries.Select(entry => entry.Action));
        Assert.Contains("Half the load.", entries[1].After?.Value, StringComparison.Ordinal);
    }

    private async Task<Guid[]> ListAsync(OptimizationFilter filter) =>
        [.. (await Queries.ListAsync(filter, new(), CancellationToken.None)).Items.Select(search => search.Id)];

    private async Task<Deployment> DeployAsync() =>
        await database.StoreAsync(Rows.Deployment(await database.StoreAsync(Rows.Model()), await database.StoreAsync(Rows.Site())));

    private Task<PerformanceOptimization> StoreAsync(Deployment deployment, bool isSettled = false) => database.StoreAsync(new PerformanceOptimization
    {
        Id = Guid.CreateVersion7(), SiteId = deployment.SiteId, DeploymentId = deployment.Id, ModelId = deployment.ModelId, IsSettled = isSettled,
    });
}
