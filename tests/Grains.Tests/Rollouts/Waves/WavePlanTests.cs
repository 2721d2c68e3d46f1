using OrleansAiFleet.Rollouts.Waves;

namespace OrleansAiFleet.Grains.Tests.Rollouts.Waves;

public sealed class WavePlanTests
{
    [Theory]
    [InlineData(100, new[] { 1, 10, 50, 39 })]
    [InlineData(10, new[] { 1, 1, 5, 3 })]
    [InlineData(3, new[] { 1, 1, 1 })]
    [InlineData(1, new[] { 1 })]
    public void By_default_one_site_goes_first_then_ten_percent_then_half_then_the_rest(int sites, int[] expected) =>
        Assert.Equal(expected, Share([], Ids(sites)).Select(wave => wave.Count));

    [Fact]
    public void The_last_wave_takes_the_rest_whatever_it_says() =>
        Assert.Equal([2, 18], Share([new() { Sites = 2 }, new() { Percent = 10 }], Ids(20)).Select(wave => wave.Count));

    [Fact]
    public void Lists_are_taken_as_they_are_and_what_is_in_none_comes_last()
    {
        var ids = Ids(5);

        var waves = Share([new() { SiteIds = [ids[3], ids[1]] }, new() { SiteIds = [ids[0], ids[3], Guid.NewGuid()] }], ids);

        Assert.Equal([ids[3], ids[1]], waves[0]);
        Assert.Equal([ids[0], ids[2], ids[4]], waves[1]);
    }

    [Fact]
    public void Waves_that_cannot_be_are_named()
    {
        Assert.Equal("waves[1]", WavePlan.Judge([new() { Sites = 1 }, new()])!.Field);
        Assert.Equal("waves[0]", WavePlan.Judge([new() { Sites = 1, Percent = 2 }])!.Field);
        Assert.Equal("waves[0].percent", WavePlan.Judge([new() { Percent = 101 }])!.Field);
        Assert.Equal("waves", WavePlan.Judge([new() { Sites = 1 }, new() { SiteIds = [] }])!.Field);
        Assert.Null(WavePlan.Judge([]));
    }

    private static IReadOnlyList<IReadOnlyList<Guid>> Share(WaveSize[] sizes, Guid[] sites) => WavePlan.Share(sizes, sites);

    private static Guid[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())];
}
