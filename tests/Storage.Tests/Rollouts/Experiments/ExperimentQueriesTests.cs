using OrleansAiFleet.Access;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts.Experiments;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Storage.Rollouts.Experiments;
using OrleansAiFleet.Storage.Tests.Audit;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Rollouts.Experiments;

public sealed class ExperimentQueriesTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private ExperimentQueries Queries => database.Get<ExperimentQueries>();

    [Fact]
    public async Task Lists_are_narrowed_by_site_deployment_end_and_scope()
    {
        var (site, model) = await SiteAsync();
        var (open, over) = (await StoreAsync(site, model), await StoreAsync(site, model, isSettled: true));

        Assert.Equal([over.Id, open.Id], await ListAsync(new(SiteId: site.Id)));
        Assert.Equal([open.Id], await ListAsync(new(DeploymentId: open.DeploymentId)));
        Assert.Equal([over.Id], await ListAsync(new(DeploymentId: over.Id)));
        Assert.Equal([over.Id], await ListAsync(new(SiteId: site.Id, IsSettled: true)));
        Assert.Empty(await ListAsync(new(SiteId: site.Id, Scope: SiteScope.Of([Guid.NewGuid()]))));
        var all = await Queries.ReadOpenAsync(CancellationToken.None);
        Assert.Contains(open.Id, all);
        Assert.DoesNotContain(over.Id, all);
    }

    [Fact]
    public async Task Trail_has_the_plan_and_the_end_and_not_every_pair()
    {
        var (site, model) = await SiteAsync();
        var table = new RowTable<Experiment>(database.Contexts);
        var experiment = await StoreAsync(site, model);
        var version = (await table.FindAsync(experiment.Id))!.Version;

        var counted = await table.WriteAsync(
            experiment.Id, experiment with { Standing = new() { Results = [new() { Tally = new() { Pairs = 5 } }], Sentence = "Nothing yet." } }, version);
        await table.WriteAsync(
            experiment.Id,
            counted.Row with { Progress = new() { Phase = ExperimentPhase.Concluded, Verdict = ExperimentVerdict.BIsBetter, Reason = "B is better." } },
            counted.Version);

        var entries = await database.EntriesOfAsync(experiment.Id);
        Assert.Equal(5, counted.Row.Standing.Results[0].Tally.Pairs);
        Assert.Equal(["experiments.create", "experiments.update"], entries.Select(entry => entry.Action));
        Assert.Contains("B is better.", entries[1].After?.Value, StringComparison.Ordinal);
    }

    private async Task<Guid[]> ListAsync(ExperimentFilter filter) =>
        [.. (await Queries.ListAsync(filter, new(), CancellationToken.None)).Items.Select(experiment => experiment.Id)];

    private async Task<(Site Site, AiModel Model)> SiteAsync() => (await database.StoreAsync(Rows.Site()), await database.StoreAsync(Rows.Model()));

    private async Task<Experiment> StoreAsync(Site site, AiModel model, bool isSettled = false)
    {
        var deployment = await database.StoreAsync(Rows.Deployment(model, site));
        return await database.StoreAsync(new Experiment
        {
            Id = Guid.CreateVersion7(), SiteId = site.Id, Name = "Which", DeploymentId = deployment.Id, ModelId = model.Id, IsSettled = isSettled,
        });
    }
}
