using OrleansAiFleet.Deployments;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Deployments;

public sealed class DeploymentScheduleReaderTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Those_whose_start_or_end_has_come_are_due()
    {
        var model = await database.StoreAsync(Rows.Model());
        var site = await database.StoreAsync(Rows.Site());
        var plain = Rows.Deployment(model, site);
        var starts = Waiting(plain, Now);
        var waits = Waiting(plain, Now.AddSeconds(1));
        var over = Working(plain, Now.AddSeconds(-1));
        var goesOn = Working(plain, Now.AddSeconds(1));
        var ended = Working(plain, Now) with { DeploymentStatus = DeploymentStatus.Terminated };
        var compared = Working(plain, Now);
        var compares = Working(plain, Now);
        foreach (var row in new[] { starts, waits, over, goesOn, ended, compared, compares })
        {
            await database.StoreAsync(row);
        }

        await database.StoreAsync(new Rollout
        {
            Id = compares.Id, SiteId = site.Id, StableDeploymentId = compared.Id, CandidateModelId = model.Id,
            Progress = new() { Reason = "", Since = Now }, CreatedAt = Now, UpdatedAt = Now,
        });

        var due = await database.Get<IDeploymentScheduleReader>().ReadDueAsync(Now, CancellationToken.None);

        Assert.Equal(new[] { starts.Id, over.Id }.Order(), due.Order());
    }

    private static Deployment Waiting(Deployment row, DateTimeOffset start) => row with
    {
        Id = Guid.NewGuid(), DeploymentStrategy = DeploymentStrategy.Scheduled, DeploymentStatus = DeploymentStatus.Pending, ScheduledStartTime = start,
    };

    private static Deployment Working(Deployment row, DateTimeOffset end) => row with
    {
        Id = Guid.NewGuid(), DeploymentStatus = DeploymentStatus.Active, ScheduledEndTime = end,
    };
}
