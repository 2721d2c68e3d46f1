using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Deployments;

public sealed class DeploymentAccessTests : IAsyncLifetime
{
    private readonly AiModel _model = Rows.Model();
    private readonly Site _site = Rows.Site();
    private ControlCluster _cluster = null!;
    private Deployment _asked = null!;

    private IDeploymentGrain Grain => _cluster.Grains.GetGrain<IDeploymentGrain>(_asked.Id);

    public async Task InitializeAsync()
    {
        _cluster = await ControlCluster.StartAsync(workers: 1);
        var camera = Rows.Camera(_site.Id);
        _asked = Rows.Deployment(_model.Id, _site.Id, camera.Id);
        await _cluster.Grains.Release(_model);
        await _cluster.Grains.GetGrain<ISiteGrain>(_site.Id).Create(_site);
        await _cluster.Grains.GetGrain<ICameraGrain>(camera.Id).Create(camera);
        await Grain.Deploy(_asked);
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Access_is_stored_and_the_same_again_writes_nothing()
    {
        var user = Guid.NewGuid();
        var access = new DeploymentApiAccess(true, [user], 3, 40);

        var changed = await Grain.SetApiAccess(access);
        var writes = _cluster.Store.Writes;
        await Grain.SetApiAccess(access);

        Assert.Equal((true, 3, 40), (changed.ApiAccessEnabled, changed.MaxConcurrentRequests, changed.RateLimitRequestsPerMinute));
        Assert.Equal([user], changed.AuthorizedUsers!.Value.To<Guid[]>()!);
        Assert.Equal(writes, _cluster.Store.Writes);
    }

    [Theory]
    [InlineData(0, 1, 0, "max_concurrent_requests")]
    [InlineData(1, 0, 0, "rate_limit_requests_per_minute")]
    [InlineData(1, 1, 1001, "authorized_users")]
    public async Task Access_that_cannot_be_is_refused_by_its_field(int concurrent, int perMinute, int users, string field)
    {
        var access = new DeploymentApiAccess(true, [.. Enumerable.Range(0, users).Select(_ => Guid.NewGuid())], concurrent, perMinute);

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.SetApiAccess(access));

        Assert.Equal((RefusalKind.Invalid, field), (refused.Kind, refused.Field));
    }

    [Fact]
    public async Task New_key_takes_the_place_of_the_old_one_until_it_is_taken_away()
    {
        await Grain.SetApiKey("first");
        Assert.Equal("second", (await Grain.SetApiKey("second")).ApiKey);

        Assert.Equal(DeploymentStatus.Active, (await Grain.Deploy(_asked)).DeploymentStatus);
        Assert.Equal("second", (await Grain.Get())!.ApiKey);
        Assert.Null((await Grain.SetApiKey(null)).ApiKey);
        Assert.Null((await Grain.SetApiKey(null)).ApiKey);
    }

    [Fact]
    public async Task Deployment_that_is_not_there_or_was_terminated_gets_no_key()
    {
        var nobody = _cluster.Grains.GetGrain<IDeploymentGrain>(Guid.NewGuid());
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<FleetRefusedException>(() => nobody.SetApiKey("key"))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<FleetRefusedException>(() => nobody.SetApiKey(null))).Kind);
        await Grain.SetApiKey("key");
        await Grain.Terminate();

        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.SetApiKey("other"))).Kind);
        Assert.Null((await Grain.SetApiKey(null)).ApiKey);
    }

    [Theory]
    [InlineData("""{"ada":true}""")]
    [InlineData("""["ada"]""")]
    public async Task Deployment_with_users_that_are_no_ids_is_refused(string users)
    {
        var asked = Rows.Deployment(_model.Id, _site.Id) with { InputSources = null, AuthorizedUsers = JsonText.Parse(users) };

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => _cluster.Grains.GetGrain<IDeploymentGrain>(asked.Id).Deploy(asked));

        Assert.Equal((RefusalKind.Invalid, "authorized_users"), (refused.Kind, refused.Field));
    }
}
