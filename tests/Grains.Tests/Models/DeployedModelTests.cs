using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Models;

/// <summary>Models, aliases and deployments together.</summary>
public sealed class DeployedModelTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    private readonly string _name = $"helmets {Guid.NewGuid():N}";

    private IGrainFactory Grains => shared.Cluster.Grains;

    [Theory]
    [InlineData(DeploymentType.Production, false)]
    [InlineData(DeploymentType.Canary, false)]
    [InlineData(DeploymentType.BlueGreen, false)]
    [InlineData(DeploymentType.Staging, true)]
    [InlineData(DeploymentType.Testing, true)]
    public async Task Version_that_nobody_approved_is_for_trials_alone(DeploymentType type, bool possible)
    {
        var model = Model();
        await Grains.GetGrain<IModelGrain>(model.Id).Register(model);
        var deployment = await DeploymentAsync(model.Id) with { DeploymentType = type };

        var refused = await Record.ExceptionAsync(() => Grains.GetGrain<IDeploymentGrain>(deployment.Id).Deploy(deployment));

        Assert.Equal(possible ? null : "model_id", (refused as FleetRefusedException)?.Field);
    }

    [Fact]
    public async Task Licence_that_ended_blocks_and_an_override_lets_it_through_with_its_reason()
    {
        var model = Model() with { LicenseExpiresAt = ControlCluster.Start.AddDays(-1) };
        await Grains.Release(model);
        var deployment = await DeploymentAsync(model.Id);
        var grain = Grains.GetGrain<IDeploymentGrain>(deployment.Id);

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => grain.Deploy(deployment));
        var deployed = await grain.Deploy(deployment with { LicenseOverride = "Renewal is signed" });

        Assert.Equal((RefusalKind.Conflict, "model_id"), (refused.Kind, refused.Field));
        Assert.Equal((DeploymentStatus.Active, "Renewal is signed"), (deployed.DeploymentStatus, deployed.LicenseOverride));
        Assert.Contains("ended", Assert.Single(await grain.GetLicenseWarnings()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deployment_that_follows_an_alias_takes_its_version_up_and_keeps_the_one_before_to_go_back_to()
    {
        var (first, second) = (Model("1"), Model("2") with { BatchSizeMax = 2 });
        await Grains.Release(first);
        await Grains.Release(second);
        await PointAsync(first.Id);
        var deployment = await DeploymentAsync(first.Id) with { ModelAlias = "champion", BatchSize = 4 };
        var grain = Grains.GetGrain<IDeploymentGrain>(deployment.Id);
        await grain.Deploy(deployment);

        var pointed = await PointAsync(second.Id);
        var again = await grain.Deploy(deployment);

        Assert.Equal([deployment.Id], pointed.Moved);
        Assert.Equal((second.Id, first.Id, 2), (again.ModelId, again.RollbackModelId, again.BatchSize));
        Assert.Equal(DeploymentStatus.Active, again.DeploymentStatus);
        var archived = await Assert.ThrowsAsync<FleetRefusedException>(
            () => Grains.GetGrain<IModelGrain>(first.Id).Take(new() { Step = ModelStep.Archive, By = Guid.NewGuid() }));
        Assert.Contains("go back to it", archived.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alias_names_versions_of_its_own_model_that_are_not_archived()
    {
        var (mine, archived) = (Model(), Model("2"));
        await Grains.Release(mine);
        await Grains.Release(archived);
        await Grains.GetGrain<IModelGrain>(archived.Id).Take(new() { Step = ModelStep.Archive, By = Guid.NewGuid() });
        var other = Rows.Model() with { Name = "another" };
        await Grains.Release(other);

        Assert.Equal("model_id", (await RefusedAsync(other.Id)).Field);
        Assert.Equal("model_id", (await RefusedAsync(archived.Id)).Field);
        Assert.Equal("model_id", (await RefusedAsync(Guid.NewGuid())).Field);
        Assert.Equal("alias", (await RefusedAsync(mine.Id, "Champion")).Field);
        Assert.Equal("alias", (await RefusedAsync(mine.Id, "")).Field);
    }

    private Task<FleetRefusedException> RefusedAsync(Guid model, string alias = "champion") =>
        Assert.ThrowsAsync<FleetRefusedException>(() => PointAsync(model, alias));

    private Task<PointedAlias> PointAsync(Guid model, string alias = "champion")
    {
        var id = ModelKeys.OfAlias(_name, null, alias);
        return Grains.GetGrain<IModelAliasGrain>(id).Point(new() { Id = id, Name = _name, Alias = alias, ModelId = model });
    }

    private AiModel Model(string version = "1") => Rows.Model() with { Name = _name, Version = version };

    private async Task<Deployment> DeploymentAsync(Guid model)
    {
        var site = Rows.Site();
        await Grains.GetGrain<ISiteGrain>(site.Id).Create(site);
        var camera = Rows.Camera(site.Id);
        await Grains.GetGrain<ICameraGrain>(camera.Id).Create(camera);
        return Rows.Deployment(model, site.Id, camera.Id);
    }
}
