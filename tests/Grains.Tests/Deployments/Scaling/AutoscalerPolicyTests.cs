using FsCheck.Xunit;

using OrleansAiFleet.Deployments.Scaling;

namespace OrleansAiFleet.Grains.Tests.Deployments.Scaling;

public sealed class AutoscalerPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly ScalingOptions Options = new()
    {
        UpWindow = TimeSpan.FromSeconds(10), DownWindow = TimeSpan.FromMinutes(1), Cooldown = TimeSpan.FromSeconds(30),
        PanicQueueAge = TimeSpan.FromSeconds(1), IdleAfter = TimeSpan.FromMinutes(5),
    };

    [Theory]
    [InlineData(1, 79, 1)] // between the thresholds
    [InlineData(1, 80, 1)] // not above
    [InlineData(1, 81, 2)]
    [InlineData(2, 100, 3)] // ceil(2 * 100 / 80)
    [InlineData(4, 100, 5)]
    [InlineData(3, 30, 3)] // not below
    [InlineData(3, 29, 2)] // ceil(87 / 80)
    [InlineData(3, 0, 1)]
    public void Reading_asks_for_as_many_as_bring_it_below_the_upper_threshold(int instances, double percent, int asked) =>
        Assert.Equal(asked, AutoscalerPolicy.Asks(new(Now, instances, percent, 0), Claims.Deployment(), instances));

    [Fact]
    public void More_come_when_the_whole_short_window_asks_for_more_and_the_reason_has_the_figures()
    {
        var decision = Decide(wanted: 1, Readings(seconds: 10, percent: 92));

        Assert.Equal(2, decision.Instances);
        Assert.Equal("Its instances were busy 92 % of the last 10 s, above 80 all along.", decision.Reason);
        Assert.Equal(92, decision.Measured!.UtilizationPercent);
    }

    [Fact]
    public void It_goes_up_to_the_largest_number_that_a_reading_asks_for()
    {
        var readings = Readings(seconds: 12, percent: 81, instances: 4);
        readings[3] = readings[3] with { UtilizationPercent = 100 };

        Assert.Equal(5, Decide(wanted: 4, readings, deployment: Claims.Deployment(max: 9)).Instances);
    }

    [Fact]
    public void Spike_or_too_short_a_history_moves_nothing()
    {
        var spike = Readings(seconds: 60, percent: 50);
        spike[^1] = spike[^1] with { UtilizationPercent = 100 };

        Assert.Null(Decide(wanted: 1, spike).Reason);
        Assert.Null(Decide(wanted: 1, Readings(seconds: 8, percent: 100)).Reason);
    }

    [Fact]
    public void Fewer_stay_only_when_the_whole_long_window_agrees()
    {
        var calm = Readings(seconds: 60, percent: 10, instances: 3);
        Assert.Equal((1, true), (Decide(wanted: 3, calm).Instances, Decide(wanted: 3, calm).Reason!.Contains("below 30", StringComparison.Ordinal)));

        var busyOnce = Readings(seconds: 60, percent: 10, instances: 3);
        busyOnce[5] = busyOnce[5] with { UtilizationPercent = 45 };
        Assert.Null(Decide(wanted: 3, busyOnce).Reason);
        Assert.Null(Decide(wanted: 3, Readings(seconds: 58, percent: 10, instances: 3)).Reason);
    }

    [Fact]
    public void Down_it_goes_to_the_largest_number_that_the_window_asks_for()
    {
        var readings = Readings(seconds: 60, percent: 5, instances: 4);
        readings[10] = readings[10] with { UtilizationPercent = 29 };

        Assert.Equal(2, Decide(wanted: 4, readings).Instances);
    }

    [Fact]
    public void Cooldown_holds_both_ways()
    {
        var justNow = Now - TimeSpan.FromSeconds(29);

        Assert.Null(Decide(wanted: 1, Readings(seconds: 60, percent: 100), changedAt: justNow).Reason);
        Assert.Null(Decide(wanted: 2, Readings(seconds: 60, percent: 0, instances: 2), changedAt: justNow).Reason);
        Assert.Equal(2, Decide(wanted: 1, Readings(seconds: 60, percent: 100), changedAt: Now - TimeSpan.FromSeconds(30)).Instances);
    }

    [Fact]
    public void Frame_that_waits_too_long_doubles_them_at_once_and_keeps_them()
    {
        LoadReading[] late = [new(Now, 2, 60, 1200)];

        var decision = Decide(wanted: 2, late, changedAt: Now - TimeSpan.FromSeconds(1));
        Assert.Equal((4, "A frame has waited for 1200 ms, and 1000 is the limit."), (decision.Instances, decision.Reason));

        var calm = Readings(seconds: 60, percent: 0, instances: 2);
        calm[^1] = calm[^1] with { QueueAgeMilliseconds = 2000 };
        Assert.Null(Decide(wanted: 2, calm, deployment: Claims.Deployment(max: 2)).Reason);
    }

    [Fact]
    public void Nothing_follows_from_the_load_while_an_instance_is_on_its_way() =>
        Assert.Null(AutoscalerPolicy.Decide(State(1, Readings(seconds: 60, percent: 100)) with { AllReady = false }, Options, Now).Reason);

    [Theory]
    [InlineData(0, 2, "min_instances is 2.")]
    [InlineData(7, 4, "max_instances is 4.")]
    public void Bounds_hold_at_once(int wanted, int expected, string reason) =>
        Assert.Equal((expected, reason), Pair(Decide(wanted, [], deployment: Claims.Deployment(min: 2, max: 4))));

    [Fact]
    public void On_demand_sleeps_when_nobody_came_for_long_and_is_not_woken_by_load()
    {
        var deployment = Claims.Deployment(onDemand: true);
        var idle = State(2, Readings(seconds: 60, percent: 100), deployment) with { LastUsedAt = Now - Options.IdleAfter };

        Assert.Equal((0, "No request came for 300 s: it sleeps until the next one."), Pair(AutoscalerPolicy.Decide(idle, Options, Now)));
        Assert.Equal(0, AutoscalerPolicy.Decide(idle with { Wanted = 0 }, Options, Now).Instances);
        Assert.NotEqual(0, AutoscalerPolicy.Decide(idle with { LastUsedAt = Now }, Options, Now).Instances);
        Assert.NotEqual(0, AutoscalerPolicy.Decide(idle with { LastUsedAt = null }, Options, Now).Instances);
    }

    [Property(MaxTest = 500)]
    public void Never_out_of_bounds_and_never_down_on_what_was_not_measured(int seed)
    {
        var random = new Random(seed);
        var deployment = Claims.Deployment(min: random.Next(1, 4), max: random.Next(4, 9));
        var wanted = random.Next(deployment.MinInstances, deployment.MaxInstances + 1);
        LoadReading[] readings = [.. Enumerable.Range(0, random.Next(0, 40)).Select(i => new LoadReading(
            Now - TimeSpan.FromSeconds(2 * i), random.Next(1, 9), random.Next(0, 101), random.Next(0, 1500))).Reverse()];

        var decision = AutoscalerPolicy.Decide(State(wanted, readings, deployment), Options, Now);

        Assert.InRange(decision.Instances, deployment.MinInstances, deployment.MaxInstances);
        Assert.Equal(decision.Instances == wanted, decision.Reason is null);
        if (decision.Instances < wanted)
        {
            Assert.True(readings[0].At <= Now - Options.DownWindow);
            Assert.All(
                readings.Where(reading => reading.At >= Now - Options.DownWindow),
                reading => Assert.True(AutoscalerPolicy.Asks(reading, deployment, wanted) < wanted));
        }
    }

    private static (int Instances, string? Reason) Pair(AutoscalerDecision decision) => (decision.Instances, decision.Reason);

    private static LoadReading[] Readings(int seconds, double percent, int instances = 1) =>
        [.. Enumerable.Range(0, (seconds / 2) + 1).Select(i => new LoadReading(Now - TimeSpan.FromSeconds(seconds - (2 * i)), instances, percent, 0))];

    private static AutoscalerState State(int wanted, IReadOnlyList<LoadReading> readings, ScaledDeployment? deployment = null) => new()
    {
        Deployment = deployment ?? Claims.Deployment(), Wanted = wanted, AllReady = true, Readings = readings,
    };

    private static AutoscalerDecision Decide(
        int wanted, IReadOnlyList<LoadReading> readings, DateTimeOffset changedAt = default, ScaledDeployment? deployment = null) =>
        AutoscalerPolicy.Decide(State(wanted, readings, deployment) with { ChangedAt = changedAt }, Options, Now);
}
