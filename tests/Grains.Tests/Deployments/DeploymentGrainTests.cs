using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Cameras;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Deployments;

public sealed class DeploymentGrainTests : IAsyncLifetime
{
    private readonly AiModel _model = Rows.Model();
    private readonly Site _site = Rows.Site();
    private ControlCluster _cluster = null!;
    private Camera _camera = null!;
    private Deployment _asked = null!;

    private IDeploymentGrain Grain => _cluster.Grains.GetGrain<IDeploymentGrain>(_asked.Id);

    private ISiteGrain SiteGrain => _cluster.Grains.GetGrain<ISiteGrain>(_site.Id);

    public async Task InitializeAsync()
    {
        _cluster = await ControlCluster.StartAsync(control: 2, workers: 1);
        _camera = Rows.Camera(_site.Id);
        _asked = Rows.Deployment(_model.Id, _site.Id, _camera.Id);
        await _cluster.Grains.Release(_model);
        await SiteGrain.Create(_site);
        await _cluster.Grains.GetGrain<ICameraGrain>(_camera.Id).Create(_camera);
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Deployment_goes_to_work_at_once_and_its_site_knows()
    {
        var seen = new List<DeploymentStatus>();
        _cluster.Store.OnWrite = row =>
        {
            if (row is Deployment deployment)
            {
                seen.Add(deployment.DeploymentStatus);
            }

            return null;
        };

        var deployed = await Grain.Deploy(_asked);

        Assert.Equal([DeploymentStatus.Pending, DeploymentStatus.Deploying, DeploymentStatus.Active], seen);
        Assert.Equal(DeploymentStatus.Active, deployed.DeploymentStatus);
        Assert.Equal(ControlCluster.Start, deployed.DeployedAt);
        Assert.Null(deployed.LastHealthCheck);
        Assert.Equal([_model.Id], (await SiteGrain.Get())!.DeployedModels);
    }

    [Fact]
    public async Task Supervisor_hears_of_it_without_waiting_for_its_next_reading()
    {
        await _cluster.Grains.GetGrain<ICameraSupervisorGrain>(0).GetStatuses();
        _cluster.Plans.Want(WantedPlans.PlanFor(1));

        await Grain.Deploy(_asked);

        // The clock stands still: only the telling can have brought it about.
        await WaitUntil.True(() => _cluster.Streams.Running.Count == 1, "the supervisor reads its plans");
    }

    [Fact]
    public async Task Asking_again_changes_nothing_and_asking_for_another_is_refused()
    {
        var first = await Grain.Deploy(_asked);
        var writes = _cluster.Store.Writes;

        var second = await Grain.Deploy(_asked);
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.Deploy(_asked with { BatchSize = 2 }));

        Assert.Equal((first.DeployedAt, first.UpdatedAt), (second.DeployedAt, second.UpdatedAt));
        Assert.Equal(writes, _cluster.Store.Writes);
        Assert.Equal((RefusalKind.Conflict, "id"), (refused.Kind, refused.Field));
    }

    [Fact]
    public async Task Deployment_of_what_is_not_there_leaves_no_row()
    {
        var unknown = Guid.NewGuid();

        Assert.Equal("model_id", (await Refused(_asked with { ModelId = unknown })).Field);
        Assert.Equal("site_id", (await Refused(_asked with { SiteId = unknown })).Field);
        Assert.Equal("input_sources", (await Refused(_asked with { InputSources = [_camera.Id, unknown] })).Field);
        Assert.Equal("rollback_model_id", (await Refused(_asked with { RollbackModelId = unknown })).Field);
        Assert.Null(await Grain.Get());
    }

    [Theory]
    [InlineData(DeploymentStatus.Deploying)]
    [InlineData(DeploymentStatus.Active)]
    public async Task Deployment_interrupted_between_two_steps_is_taken_up_again(DeploymentStatus interrupted)
    {
        _cluster.Store.OnWrite = row => row is Deployment deployment && deployment.DeploymentStatus == interrupted
            ? new TimeoutException("the database is away")
            : null;
        await Assert.ThrowsAnyAsync<Exception>(() => Grain.Deploy(_asked));
        Assert.NotEqual(DeploymentStatus.Active, (await Grain.Get())!.DeploymentStatus);

        _cluster.Store.OnWrite = _ => null;

        await _cluster.Passing(
            async () => (await Grain.Get())!.DeploymentStatus == DeploymentStatus.Active, "it goes to work by itself");
        Assert.Equal([_model.Id], (await SiteGrain.Get())!.DeployedModels);
    }

    [Fact]
    public async Task Deployment_whose_silo_died_between_two_steps_is_taken_up_on_another()
    {
        _cluster.Store.OnWrite = row => row is Deployment { DeploymentStatus: DeploymentStatus.Active }
            ? new TimeoutException("the database is away")
            : null;
        await Assert.ThrowsAnyAsync<Exception>(() => Grain.Deploy(_asked));
        await _cluster.KillAsync((await _cluster.WhereIs(Grain))!);
        _cluster.Store.OnWrite = _ => null;

        await WaitUntil.True(
            async () => (await Grain.Get())!.DeploymentStatus == DeploymentStatus.Active, "looking at it is enough");
    }

    [Fact]
    public async Task Terminated_deployment_stays_so()
    {
        await Grain.Deploy(_asked);

        await Grain.Terminate();
        var again = await Grain.Terminate();
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.Deploy(_asked));

        Assert.Equal(DeploymentStatus.Terminated, again.DeploymentStatus);
        Assert.Equal(RefusalKind.Conflict, refused.Kind);
    }

    [Fact]
    public async Task Deployment_that_nobody_made_is_null_and_cannot_be_terminated()
    {
        Assert.Null(await Grain.Get());
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(Grain.Terminate);
        Assert.Equal(RefusalKind.NotFound, refused.Kind);
    }

    [Fact]
    public async Task Row_changed_by_somebody_else_is_a_conflict_and_is_read_again()
    {
        await Grain.Deploy(_asked);
        var theirs = (await Grain.Get())! with { DeploymentNotes = "theirs" };
        _cluster.Store.Overwrite(Grain, StateNames.Deployment, theirs);

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(Grain.Terminate);

        Assert.Equal(RefusalKind.Conflict, refused.Kind);
        Assert.Equal("theirs", (await Grain.Get())!.DeploymentNotes);
        Assert.Equal(DeploymentStatus.Terminated, (await Grain.Terminate()).DeploymentStatus);
    }

    private Task<FleetRefusedException> Refused(Deployment deployment) =>
        Assert.ThrowsAsync<FleetRefusedException>(() => Grain.Deploy(deployment));
}
