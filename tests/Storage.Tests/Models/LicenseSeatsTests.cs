using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Models;

public sealed class LicenseSeatsTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    [Fact]
    public async Task Deployments_at_the_same_moment_take_no_more_seats_than_there_are()
    {
        var model = await LicensedAsync(seats: 4);
        var sites = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SiteAsync(cameras: 1)));

        var refusals = await Task.WhenAll(sites.Select(site => RefusalAsync(model, site)));

        Assert.Equal(4, refusals.Count(refusal => refusal is null));
        Assert.All(refusals.OfType<FleetRefusedException>(), refusal =>
        {
            Assert.Equal((RefusalKind.Conflict, "model_id"), (refusal.Kind, refusal.Field));
            Assert.Contains("is for 4 cameras; with these it would run on 5.", refusal.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Override_and_rows_that_are_not_at_work_take_none()
    {
        var model = await LicensedAsync(seats: 1);
        var sites = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SiteAsync(cameras: 1)));

        Assert.Null(await RefusalAsync(model, sites[0], row => row with { DeploymentStatus = DeploymentStatus.Terminated }));
        Assert.Null(await RefusalAsync(model, sites[1]));
        Assert.NotNull(await RefusalAsync(model, sites[2]));
        Assert.Null(await RefusalAsync(model, sites[3], row => row with { LicenseOverride = "Agreed with the vendor." }));
    }

    [Fact]
    public async Task Cameras_that_a_deployment_chose_are_counted_once()
    {
        var model = await LicensedAsync(seats: 2);
        var site = await SiteAsync(cameras: 0);
        var cameras = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            cameras.Add((await database.StoreAsync(Rows.Camera(site))).Id);
        }

        Assert.Null(await RefusalAsync(model, site, row => row with { InputSources = [cameras[0]] }));
        Assert.Null(await RefusalAsync(model, site, row => row with { InputSources = [cameras[0], cameras[1]] }));
        Assert.NotNull(await RefusalAsync(model, site, row => row with { InputSources = [cameras[1], cameras[2]] }));
        Assert.NotNull(await RefusalAsync(model, site));
    }

    private Task<AiModel> LicensedAsync(int seats) =>
        database.StoreAsync(Rows.Model() with { Name = $"Licensed {Guid.NewGuid():N}", LicenseSeats = seats });

    private async Task<Site> SiteAsync(int cameras)
    {
        var site = await database.StoreAsync(Rows.Site());
        for (var i = 0; i < cameras; i++)
        {
            await database.StoreAsync(Rows.Camera(site));
        }

        return site;
    }

    private async Task<FleetRefusedException?> RefusalAsync(AiModel model, Site site, Func<Deployment, Deployment>? change = null)
    {
        var row = Rows.Deployment(model, site);
        try
        {
            await database.StoreAsync(change?.Invoke(row) ?? row);
            return null;
        }
        catch (FleetRefusedException refusal)
        {
            return refusal;
        }
    }
}
