using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Deployments;

public sealed class DeploymentFactsReaderTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_deployments_latest_window_and_open_rollout_come_with_it()
    {
        var model = await database.StoreAsync(Rows.Model());
        var site = await database.StoreAsync(Rows.Site());
        var working = await database.StoreAsync(Rows.Deployment(model, site) with { DeploymentStatus = DeploymentStatus.Active, ApiKey = "secret" });
        var over = await database.StoreAsync(Rows.Deployment(model, site) with { Id = Guid.NewGuid(), DeploymentStatus = DeploymentStatus.Terminated });
        foreach (var (minutes, rate) in new[] { (-20, 1m), (-10, 2m), (-5, 3m) })
        {
            await database.StoreAsync(new PerformanceMetrics
            {
                Id = Guid.NewGuid(), DeploymentId = working.Id, MetricTimestamp = Now.AddMinutes(minutes), ErrorRatePercentage = rate,
                CreatedAt = Now, CalculatedAt = Now,
            });
        }

        var rollout = await database.StoreAsync(new Rollout
        {
            Id = Guid.NewGuid(), SiteId = site.Id, StableDeploymentId = working.Id, CandidateModelId = model.Id,
            Progress = new() { Reason = "", Since = Now }, CreatedAt = Now, UpdatedAt = Now,
        });
        var placed = new ScalingState { DeploymentId = working.Id, Wanted = 2, Workers = ["10.0.0.1:1@1"], Refusal = "No room.", ChangedAt = Now };
        Assert.True(await database.Get<IScalingStore>().WriteAsync([placed], [], CancellationToken.None));
        var reader = database.Get<IDeploymentFactsReader>();

        var facts = Assert.Single(await reader.ReadFactsAsync(site.Id, null, Now.AddMinutes(-15), CancellationToken.None));
        var later = Assert.Single(await reader.ReadFactsAsync(null, working.Id, Now, CancellationToken.None));
        var ended = Assert.Single(await reader.ReadFactsAsync(null, over.Id, Now, CancellationToken.None));

        Assert.Equal((working.Id, 3m, rollout.Id), (facts.Deployment.Id, facts.Window!.ErrorRatePercentage, facts.Rollout!.Id));
        Assert.Null(facts.Deployment.ApiKey);
        Assert.Equivalent(placed with { Revision = 1 }, facts.Scaling, strict: true);
        Assert.Null(later.Window);
        Assert.Null(ended.Scaling);
        Assert.Equal((DeploymentStatus.Terminated, null), (ended.Deployment.DeploymentStatus, ended.Rollout));
    }
}
