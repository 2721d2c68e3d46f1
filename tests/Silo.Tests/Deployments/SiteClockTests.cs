using System.Text.Json;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Silo.Sites;

namespace OrleansAiFleet.Silo.Tests.Deployments;

public sealed class SiteClockTests
{
    [Theory]
    [InlineData("2026-03-02T07:00", "2026-03-02T06:00Z")]
    [InlineData("2026-07-02T07:00:30", "2026-07-02T05:00:30Z")]
    [InlineData("2026-03-02T07:00Z", "2026-03-02T07:00Z")]
    [InlineData("2026-03-02T07:00:00.5-05:00", "2026-03-02T12:00:00.5Z")]
    [InlineData("2026-10-25T02:30", "2026-10-25T00:30Z")]
    public void Time_without_an_offset_is_by_the_clock_of_the_site(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, null), SiteClock.Parse("t", text, "Europe/Berlin"));

    [Theory]
    [InlineData("tomorrow")]
    [InlineData("2026-03-02")]
    [InlineData("2/3/2026 07:00")]
    [InlineData("2026-03-29T02:30")]
    [InlineData("")]
    public void What_is_no_time_there_is_refused(string text) =>
        Assert.Equal("t", Assert.Throws<FleetRefusedException>(() => SiteClock.Parse("t", text, "Europe/Berlin")).Field);

    [Fact]
    public void Only_texts_of_the_named_columns_are_read()
    {
        var columns = JsonSerializer.SerializeToElement(new { start = "2026-03-02T07:00", end = (string?)null, notes = "2026-03-02T07:00" });

        var read = SiteClock.Read(columns, "Europe/Berlin", "start", "end");

        Assert.Equal(DateTimeOffset.Parse("2026-03-02T06:00Z", null), read.GetProperty("start").GetDateTimeOffset());
        Assert.Equal(JsonValueKind.Null, read.GetProperty("end").ValueKind);
        Assert.Equal("2026-03-02T07:00", read.GetProperty("notes").GetString());
    }
}
