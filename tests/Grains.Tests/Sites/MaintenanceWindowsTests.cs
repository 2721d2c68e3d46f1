using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Sites;

/// <summary>In 2026 Berlin's clocks go forward on 29 March at 02:00 and back on 25 October at 03:00.</summary>
public sealed class MaintenanceWindowsTests
{
    [Theory]
    [InlineData("2026-03-02T21:59:59Z", false)]
    [InlineData("2026-03-02T22:00:00Z", true)]
    [InlineData("2026-03-03T02:59:59Z", true)]
    [InlineData("2026-03-03T03:00:00Z", false)]
    [InlineData("2026-03-03T23:00:00Z", false)]
    public void Window_over_midnight_belongs_to_the_day_on_which_it_begins(string now, bool isOpen) =>
        Assert.Equal(isOpen, IsOpen(Window(23, 0, 4, 0, DayOfWeek.Monday), "Europe/Berlin", now));

    [Theory]
    [InlineData("2026-07-06T08:30:00Z", true)]
    [InlineData("2026-01-05T08:30:00Z", false)]
    [InlineData("2026-01-05T09:30:00Z", true)]
    public void It_goes_by_the_wall_clock_in_summer_and_in_winter(string now, bool isOpen) =>
        Assert.Equal(isOpen, IsOpen(Window(10, 0, 11, 0), "Europe/Berlin", now));

    // 02:30 is not there: the window begins when the clock shows 03:00.
    [Theory]
    [InlineData("2026-03-29T00:59:59Z", false)]
    [InlineData("2026-03-29T01:00:00Z", true)]
    [InlineData("2026-03-29T01:59:59Z", true)]
    [InlineData("2026-03-29T02:00:00Z", false)]
    public void Start_in_the_hour_that_is_not_there_is_the_end_of_that_hour(string now, bool isOpen) =>
        Assert.Equal(isOpen, IsOpen(Window(2, 30, 4, 0), "Europe/Berlin", now));

    // Nothing of it is there on that day.
    [Theory]
    [InlineData("2026-03-29T00:30:00Z", false)]
    [InlineData("2026-03-29T01:00:00Z", false)]
    [InlineData("2026-03-30T00:10:00Z", true)]
    public void Window_within_the_hour_that_is_not_there_does_not_open(string now, bool isOpen) =>
        Assert.Equal(isOpen, IsOpen(Window(2, 5, 2, 45), "Europe/Berlin", now));

    // 02:00 to 02:30 comes twice, at 00:00Z and at 01:00Z.
    [Theory]
    [InlineData("2026-10-24T23:59:59Z", false)]
    [InlineData("2026-10-25T00:00:00Z", true)]
    [InlineData("2026-10-25T00:45:00Z", true)]
    [InlineData("2026-10-25T01:29:59Z", true)]
    [InlineData("2026-10-25T01:30:00Z", false)]
    public void Hour_that_comes_twice_lasts_from_its_first_start_to_its_last_end(string now, bool isOpen) =>
        Assert.Equal(isOpen, IsOpen(Window(2, 0, 2, 30), "Europe/Berlin", now));

    [Theory]
    [InlineData("2026-03-02T10:00:00Z", "2026-03-07T09:00:00Z")]
    [InlineData("2026-03-07T09:30:00Z", "2026-03-07T09:30:00Z")]
    [InlineData("2026-03-07T10:00:00Z", "2026-03-14T09:00:00Z")]
    [InlineData("2026-03-28T12:00:00Z", "2026-04-04T08:00:00Z")]
    public void Next_opening_is_found_a_week_ahead_and_across_the_change_of_clocks(string from, string opening) => Assert.Equal(
        At(opening), MaintenanceWindows.FindOpening([Window(10, 0, 11, 0, DayOfWeek.Saturday)], "Europe/Berlin", At(from)));

    [Fact]
    public void Same_start_and_end_is_a_whole_day() => Assert.True(IsOpen(Window(0, 0, 0, 0), "UTC", "2026-03-02T12:00:00Z"));

    [Fact]
    public void Without_windows_it_never_opens() => Assert.Null(MaintenanceWindows.FindOpening([], "UTC", At("2026-03-02T12:00:00Z")));

    [Fact]
    public void Zone_half_an_hour_off_is_kept() => Assert.True(IsOpen(Window(10, 0, 11, 0), "Asia/Kolkata", "2026-03-02T04:30:00Z"));

    private static bool IsOpen(MaintenanceWindow window, string zone, string now) => MaintenanceWindows.IsOpen([window], zone, At(now));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static MaintenanceWindow Window(int startHour, int startMinute, int endHour, int endMinute, params DayOfWeek[] days) =>
        new() { Days = days, Start = new(startHour, startMinute), End = new(endHour, endMinute) };
}
