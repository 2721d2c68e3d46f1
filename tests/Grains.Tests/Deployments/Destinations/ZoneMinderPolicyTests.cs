using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Grains.Tests.Deployments.Destinations;

public sealed class ZoneMinderPolicyTests
{
    private const string Camera = "0a1B2c3d-0000-4000-8000-00000000000C";
    private static readonly DestinationRules Rules = new([], HasFileRoot: false);

    [Fact]
    public void ZoneMinder_is_taken_with_all_that_it_says()
    {
        var zm = Take("""
            ,"url":"http://zm.example.org/zm/","user":"fleet","password":"opensesame","mode":"notes","time_zone":"Europe/Berlin",
            "longest_event_seconds":600,"classes":["person"],"batch_size":20
            """);

        Assert.Equal(("http://zm.example.org/zm", "fleet", "opensesame"), (zm.Url, zm.User, zm.Password));
        Assert.Equal(("notes", "Europe/Berlin", 600, 20), (zm.Mode, zm.TimeZone, zm.LongestEventSeconds, zm.BatchSize));
        Assert.Equal([new(Guid.Parse(Camera), 7)], zm.Monitors);
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var zm = Take(""","url":"https://zm.example.org" """);

        Assert.Equal((null, null, "notes", null, 3600), (zm.User, zm.Password, zm.Mode, zm.TimeZone, zm.LongestEventSeconds));
    }

    [Theory]
    [InlineData(""","monitors":{}""", "monitors")]
    [InlineData(""","monitors":null""", "monitors")]
    [InlineData(""","monitors":[1]""", "monitors")]
    [InlineData(""","monitors":{"gate":1}""", "monitors")]
    [InlineData(""","monitors":{"0a1b2c3d-0000-4000-8000-00000000000c":0}""", "monitors")]
    [InlineData(""","monitors":{"0a1b2c3d-0000-4000-8000-00000000000c":1.5}""", "monitors")]
    [InlineData(""","monitors":{"0a1b2c3d-0000-4000-8000-00000000000c":"1"}""", "monitors")]
    [InlineData(""","monitors":{"0a1b2c3d-0000-4000-8000-00000000000c":1,"0A1B2C3D-0000-4000-8000-00000000000C":1}""", "monitors")]
    [InlineData(""","url":"ftp://zm.example/zm" """, "url")]
    [InlineData(""","url":"http://u:p@zm.example/zm" """, "url")]
    [InlineData(""","url":"http://zm.example/zm?token=x" """, "url")]
    [InlineData(""","url":"http://127.0.0.1/zm" """, "url")]
    [InlineData(""","user":"fleet" """, "password")]
    [InlineData(""","password":"opensesame" """, "user")]
    [InlineData(""","mode":"alarm" """, "mode")]
    [InlineData(""","mode":"alarm_and_notes" """, "mode")]
    [InlineData(""","mode":"shout" """, "mode")]
    [InlineData(""","alarm_seconds":10""", "alarm_seconds")]
    [InlineData(""","time_zone":"Mars/Olympus" """, "time_zone")]
    [InlineData(""","longest_event_seconds":59""", "longest_event_seconds")]
    [InlineData(""","longest_event_seconds":86401""", "longest_event_seconds")]
    public void What_cannot_be_taken_is_refused_by_its_path(string members, string field)
    {
        var given = $$"""{"kind":"zoneminder","name":"zm"{{members}}""";
        given += members.Contains("\"url\"", StringComparison.Ordinal) ? "" : ""","url":"http://zm.example/zm" """;
        given += members.Contains("\"monitors\"", StringComparison.Ordinal) ? "}" : $$$""","monitors":{"{{{Camera}}}":1}}""";

        var refused = Assert.Throws<FleetRefusedException>(() => DestinationPolicy.Take(new($"[{given}]"), [], Rules));

        Assert.Equal((RefusalKind.Invalid, $"output_destinations[0].{field}"), (refused.Kind, refused.Field));
    }

    [Fact]
    public void More_than_a_thousand_monitors_are_too_many()
    {
        var monitors = string.Join(',', Enumerable.Range(1, 1001).Select(i => $"\"{Guid.NewGuid()}\":{i}"));

        var refused = Assert.Throws<FleetRefusedException>(() => DestinationPolicy.Take(
            new($$$"""[{"kind":"zoneminder","name":"zm","url":"http://zm.example/zm","monitors":{{{{monitors}}}}}]"""), [], Rules));

        Assert.Equal("output_destinations[0].monitors", refused.Field);
    }

    [Fact]
    public void Answer_says_of_the_password_only_whether_it_is_set_and_may_be_sent_back()
    {
        var stored = DestinationJson.Write([Take(""","url":"http://zm.example/zm","user":"fleet","password":"opensesame" """)]);

        var shown = DestinationJson.Shown(stored)!.Value.Value;
        var again = DestinationPolicy.Take(new(shown), DestinationJson.Read(stored), Rules);

        Assert.DoesNotContain("opensesame", shown, StringComparison.Ordinal);
        Assert.Contains("\"password_set\":true", shown, StringComparison.Ordinal);
        Assert.Contains($"\"{Guid.Parse(Camera)}\":7", shown, StringComparison.Ordinal);
        Assert.Equal(stored!.Value.Value, DestinationJson.Write(again)!.Value.Value);
        Assert.DoesNotContain("opensesame", $"{again[0]}", StringComparison.Ordinal);
    }

    [Fact]
    public void Kept_password_goes_to_no_other_host_and_without_a_user_there_is_none()
    {
        var before = Take(""","url":"http://zm.example/zm","user":"fleet","password":"opensesame" """);

        var refused = Assert.Throws<FleetRefusedException>(() => Take(""","url":"http://other.example/zm","user":"fleet" """, before));

        Assert.Equal("output_destinations[0].password", refused.Field);
        Assert.Equal("opensesame", Take(""","url":"http://zm.example/zoneminder","user":"fleet" """, before).Password);
        Assert.Null(Take(""","url":"http://zm.example/zm" """, before).Password);
    }

    private static ZoneMinderDestination Take(string members, params OutputDestination[] stored) =>
        Assert.IsType<ZoneMinderDestination>(Assert.Single(DestinationPolicy.Take(
            new($$"""[{"kind":"zoneminder","name":"zm","monitors":{"{{Camera}}":7}{{members}}}]"""), stored, Rules)));
}
