using System.Globalization;

using OrleansAiFleet.Integrations.Deployments.Destinations;
using OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

namespace OrleansAiFleet.Silo.Tests.Deployments.Destinations.ZoneMinder;

public sealed class ZoneMinderMatchTests
{
    private static readonly ZoneMinderClock Berlin = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    // The newest first, as ZoneMinder gives them; times of Berlin, in winter an hour after UTC.
    private static readonly ZoneMinderEvent[] Events =
    [
        Event(5, "2026-03-04 13:05:00", null),
        Event(4, "2026-03-04 13:01:00", "2026-03-04 13:02:00"),
        Event(3, "2026-03-04 13:00:20", "2026-03-04 13:01:00"),
        Event(2, "2026-03-04 12:30:00", null),
        Event(1, "2026-03-04 12:00:00", "2026-03-04 12:10:00"),
    ];

    [Theory]
    [InlineData("11:00:00", 1)]
    [InlineData("11:10:00.999", 1)]
    [InlineData("12:00:20", 3)]
    [InlineData("12:00:59.999", 3)]
    [InlineData("12:01:00.2", 4)]
    [InlineData("12:02:00.9", 4)]
    public void Frame_falls_into_the_event_that_went_on_at_its_time_by_the_servers_clock(string time, long id)
    {
        var match = Of(time);

        Assert.Equal((id, null), (match.Event!.Id, match.Fate));
    }

    [Theory]
    [InlineData("10:59:59.9", 3600, FateKind.Pointless)]
    [InlineData("11:10:01", 3600, FateKind.Pointless)]
    [InlineData("12:02:01", 3600, FateKind.Pointless)]
    [InlineData("12:02:01", 59, FateKind.Waits)]
    [InlineData("12:02:01", 60, FateKind.Pointless)]
    [InlineData("12:05:30", 30, FateKind.Waits)]
    [InlineData("12:05:30", 3599, FateKind.Waits)]
    [InlineData("12:05:30", 3600, FateKind.Dead)]
    [InlineData("11:40:00", 3599, FateKind.Waits)]
    [InlineData("11:40:00", 3600, FateKind.Dead)]
    public void Frame_without_an_event_that_has_ended_waits_for_it_or_is_told_why_not(string time, int ageSeconds, FateKind kind)
    {
        var match = Of(time, ageSeconds);

        Assert.Null(match.Event);
        Assert.Equal(kind, match.Fate!.Kind);
    }

    [Fact]
    public void Event_that_was_never_closed_takes_nothing_that_came_after_the_next_had_begun()
    {
        Assert.Equal(FateKind.Pointless, Of("12:03:00").Fate!.Kind);
        Assert.Contains("Event 2", Of("11:40:00", 3600).Fate!.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-10-25T00:30:00Z")]
    [InlineData("2026-10-25T01:30:00Z")]
    public void Hour_that_the_clock_shows_twice_is_nobodys(string time)
    {
        ZoneMinderEvent[] night = [Event(1, "2026-10-25 01:00:00", "2026-10-25 04:00:00")];

        var match = ZoneMinderMatch.Of(Time(time), 1, night, Berlin, Hour, Hour);

        Assert.Equal(FateKind.Dead, match.Fate!.Kind);
        Assert.Equal(1, ZoneMinderMatch.Of(Time("2026-10-24T23:59:59Z"), 1, night, Berlin, Hour, Hour).Event!.Id);
        Assert.Equal(1, ZoneMinderMatch.Of(Time("2026-10-25T02:00:00Z"), 1, night, Berlin, Hour, Hour).Event!.Id);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("yesterday", false)]
    [InlineData("2026-03-04 13:00:20", true)]
    public void Time_is_read_as_ZoneMinder_writes_it(string? written, bool isOne) => Assert.Equal(isOne, ZoneMinderClock.Read(written) is not null);

    private static ZoneMinderMatch Of(string time, int ageSeconds = 3600) =>
        ZoneMinderMatch.Of(Time($"2026-03-04T{time}Z"), 1, Events, Berlin, TimeSpan.FromSeconds(ageSeconds), Hour);

    private static DateTimeOffset Time(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    private static ZoneMinderEvent Event(long id, string start, string? end) => new() { Id = id, StartDateTime = start, EndDateTime = end, Notes = "" };
}
