using OrleansAiFleet.Deployments;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Rollouts.Waves;

public sealed class WaveEstimateTests
{
    // A Monday, 11:00 in Berlin.
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly SiteTemplate ByStep = new()
    {
        Steps = [new() { Kind = RolloutStepKind.SetWeight, Weight = 10 }, new() { Kind = RolloutStepKind.Pause, DurationSeconds = 100 }],
        ProgressDeadlineSeconds = 60,
        KeepsWarmSeconds = 30,
    };

    [Fact]
    public void Rollout_of_a_site_takes_its_pauses_at_least_and_its_deadlines_at_most()
    {
        var duration = SiteDuration.Of(FleetSiteWay.Rollout, ByStep);

        // 100 s of pause, 30 s warm, and 4 looks; or the deadline before, at the step and after.
        Assert.Equal((TimeSpan.FromSeconds(134), TimeSpan.FromSeconds(310)), (duration.Shortest, duration.Longest));
    }

    [Fact]
    public void Waves_are_as_long_as_so_many_sites_at_a_time_take_with_the_soak_between()
    {
        var estimate = Of(wish => wish with { Template = ByStep, Waves = [new() { Sites = 1 }, new() { Sites = 4 }], MaxConcurrentSites = 2, SoakSeconds = 1000 }, Many(5));

        Assert.Equal([134, 268], estimate.Waves.Select(wave => wave.ShortestSeconds));
        Assert.Equal([310, 620], estimate.Waves.Select(wave => wave.LongestSeconds));
        Assert.Equal((1402, 1930), (estimate.ShortestSeconds, estimate.LongestSeconds));
        Assert.Empty(estimate.UnboundedBecause);
    }

    [Theory]
    [InlineData(true, true, true, false)]
    [InlineData(false, false, true, false)]
    [InlineData(false, true, false, false)]
    [InlineData(false, true, true, true)]
    public void Where_a_person_is_waited_for_there_is_no_bound(bool awaitsPerson, bool promotesItself, bool pauseEnds, bool isBounded)
    {
        var template = ByStep with { PromotesItself = promotesItself };
        if (!pauseEnds)
        {
            template = template with { Steps = [.. template.Steps, new() { Kind = RolloutStepKind.Pause }] };
        }

        var estimate = Of(wish => wish with { Template = template, AwaitsPerson = awaitsPerson }, Many(3));

        Assert.Equal(isBounded, estimate.LongestSeconds is not null);
        Assert.Equal(isBounded, estimate.UnboundedBecause.Length == 0);
        Assert.True(estimate.ShortestSeconds > 0);
    }

    [Fact]
    public void Sites_wait_for_their_windows()
    {
        var open = Site(new MaintenanceWindow { Start = new(11, 0), End = new(12, 0) });
        var later = Site(new MaintenanceWindow { Start = new(14, 0), End = new(15, 0) });

        var estimate = Of(wish => wish with { Waves = [new() { Percent = 100 }], OnlyInWindows = true, MaxConcurrentSites = 1 }, [later, open]);

        Assert.Equal((10_801, 10_830), (estimate.ShortestSeconds, estimate.LongestSeconds));
    }

    [Fact]
    public void Place_that_becomes_free_outside_a_window_is_left_free_until_it_opens()
    {
        var sites = Enumerable.Range(0, 3).Select(_ => (Site(new MaintenanceWindow { Start = new(11, 0), End = new(11, 5) }).Hours, TimeSpan.FromMinutes(3)));

        var end = WaveClock.FindEnd([.. sites], 1, onlyInWindows: true, Now);

        // At 11:00, at 11:03, and the next day at 11:00.
        Assert.Equal(Now.AddDays(1).AddMinutes(3), end);
    }

    [Fact]
    public void It_says_what_it_does_and_how_it_was_computed()
    {
        var there = new PresentDeployment(Guid.NewGuid(), Guid.NewGuid(), DeploymentStatus.Active, DeploymentType.Production, null, null);
        var bare = Site();
        var estimate = Of(wish => wish with { Waves = [new() { Percent = 100 }] }, [bare, Site() with { Deployments = [there] }]);

        Assert.Equal([FleetSiteWay.Deploy, FleetSiteWay.Switch], estimate.Waves[0].Sites.Select(site => site.Way));
        Assert.Equal([null, there.Id], estimate.Waves[0].Sites.Select(site => site.DeploymentId));
        Assert.Equal(4, estimate.Computation.Length);
        Assert.Contains("A site that gets a new deployment takes from 1 s to 30 s", estimate.Computation[0], StringComparison.Ordinal);
    }

    private static FleetRolloutEstimate Of(Func<FleetRolloutWish, FleetRolloutWish> change, IReadOnlyList<SiteFacts> sites)
    {
        var wish = change(new() { Id = Guid.NewGuid(), Name = "All", ModelId = Guid.NewGuid(), Waves = [new() { Sites = 1 }, new() { Sites = 1 }] });
        return WaveEstimate.Of(wish, [.. sites.Select(site => new PlannedSite(site, wish.Template, site.Deployments.FirstOrDefault()))], [], Now);
    }

    private static List<SiteFacts> Many(int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => Site() with
        {
            Deployments = [new(Guid.NewGuid(), Guid.NewGuid(), DeploymentStatus.Active, DeploymentType.Production, null, null)],
        }),
    ];

    private static SiteFacts Site(params MaintenanceWindow[] windows) =>
        new() { Hours = new(Guid.NewGuid(), "Europe/Berlin", windows), Name = "North", Cameras = [Guid.NewGuid()], AllCameras = 1 };
}
