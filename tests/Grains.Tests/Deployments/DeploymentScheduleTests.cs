using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Deployments;

public sealed class DeploymentScheduleTests
{
    // A Monday, 10:00 in London.
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly Site Site = Rows.Site() with { TimeZone = "Europe/London" };

    private static readonly Site WithWindows = Site with
    {
        MaintenanceWindows = [new() { Days = [DayOfWeek.Wednesday], Start = new(22, 0), End = new(2, 0) }],
    };

    [Theory]
    [InlineData(-60, 0)]
    [InlineData(0, 0)]
    [InlineData(90, 90)]
    public void Without_windows_it_begins_at_its_time_or_as_soon_as_that_is_seen(int startMinutes, int expectedMinutes) =>
        Assert.Equal(Now.AddMinutes(expectedMinutes), DeploymentSchedule.FindStart(From(startMinutes), Site, Now));

    [Theory]
    [InlineData(0, "2026-03-04T22:00Z")]
    [InlineData((2 * 24 * 60) + (13 * 60), "2026-03-04T23:00Z")]
    [InlineData((2 * 24 * 60) + (16 * 60), "2026-03-11T22:00Z")]
    public void With_windows_it_begins_inside_one_at_or_after_its_time(int startMinutes, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, null), DeploymentSchedule.FindStart(From(startMinutes), WithWindows, Now));

    [Fact]
    public void It_is_over_from_its_end_on()
    {
        var deployment = new Deployment { ScheduledEndTime = Now };

        Assert.False(DeploymentSchedule.IsOver(deployment, Now.AddTicks(-1)));
        Assert.True(DeploymentSchedule.IsOver(deployment, Now));
        Assert.False(DeploymentSchedule.IsOver(new(), Now));
        Assert.Equal("scheduled_end_time", DeploymentSchedule.Judge(deployment, Now)!.Field);
    }

    [Fact]
    public void Start_moves_while_it_waits_and_end_into_what_is_to_come()
    {
        var waits = From(60) with { DeploymentStatus = DeploymentStatus.Pending };
        var works = From(-60) with { DeploymentStatus = DeploymentStatus.Active, ScheduledEndTime = Now.AddHours(1) };

        Assert.Null(DeploymentSchedule.JudgeChange(waits, From(90), Now));
        Assert.Null(DeploymentSchedule.JudgeChange(works, works with { ScheduledEndTime = Now.AddHours(2) }, Now));
        Assert.Null(DeploymentSchedule.JudgeChange(works, works with { ScheduledEndTime = null }, Now));
        Assert.Equal(
            (RefusalKind.Conflict, "scheduled_start_time"),
            Of(DeploymentSchedule.JudgeChange(works, works with { ScheduledStartTime = Now }, Now)));
        Assert.Equal(
            (RefusalKind.Invalid, "scheduled_end_time"),
            Of(DeploymentSchedule.JudgeChange(works, works with { ScheduledEndTime = Now.AddMinutes(-1) }, Now)));
    }

    private static Deployment From(int minutes) =>
        new() { DeploymentStrategy = DeploymentStrategy.Scheduled, ScheduledStartTime = Now.AddMinutes(minutes) };

    private static (RefusalKind Kind, string? Field) Of(Refusal? refusal) => (refusal!.Kind, refusal.Field);
}
