using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Sites;

public sealed class SiteGrainTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    private readonly Site _asked = Rows.Site();

    private ISiteGrain Grain => shared.Cluster.Grains.GetGrain<ISiteGrain>(_asked.Id);

    [Fact]
    public async Task Site_that_nobody_created_is_null_and_takes_no_model()
    {
        Assert.Null(await Grain.Get());
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.NoteDeployed(Guid.NewGuid()));
        Assert.Equal(RefusalKind.NotFound, refused.Kind);
    }

    [Fact]
    public async Task Creating_the_same_site_again_changes_nothing_even_after_a_deployment()
    {
        await Grain.Create(_asked);
        var model = Guid.NewGuid();
        await Grain.NoteDeployed(model);
        await Grain.NoteDeployed(model);

        var again = await Grain.Create(_asked);

        Assert.Equal([model], again.DeployedModels);
    }

    [Fact]
    public async Task Models_are_not_deployed_by_creating_a_site()
    {
        var created = await Grain.Create(_asked with { DeployedModels = [Guid.NewGuid()] });

        Assert.Empty(created.DeployedModels);
    }

    [Fact]
    public async Task Id_that_is_another_site_already_is_refused()
    {
        await Grain.Create(_asked);

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.Create(_asked with { Name = "South" }));

        Assert.Equal((RefusalKind.Conflict, "id"), (refused.Kind, refused.Field));
    }

    [Theory]
    [InlineData("UTC", null)]
    [InlineData("Europe/Berlin", "DE")]
    [InlineData("America/Argentina/Buenos_Aires", "AR")]
    public void Real_places_are_taken(string timeZone, string? country) =>
        Assert.Null(SitePolicy.Judge(_asked.Id, _asked with { TimeZone = timeZone, CountryCode = country }));

    [Theory]
    [InlineData("", "DE", "time_zone")]
    [InlineData("Mars/Olympus", "DE", "time_zone")]
    [InlineData("../../etc/passwd", "DE", "time_zone")]
    [InlineData("W. Europe Standard Time", "DE", "time_zone")]
    [InlineData("Europe/Berlin", "de", "country_code")]
    [InlineData("Europe/Berlin", "XX", "country_code")]
    [InlineData("Europe/Berlin", "DEU", "country_code")]
    [InlineData("Europe/Berlin", "", "country_code")]
    public void Places_that_do_not_exist_are_refused(string timeZone, string country, string field)
    {
        var refusal = SitePolicy.Judge(_asked.Id, _asked with { TimeZone = timeZone, CountryCode = country });

        Assert.Equal((RefusalKind.Invalid, field), (refusal!.Kind, refusal.Field));
    }
}
