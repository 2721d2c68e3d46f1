using OrleansAiFleet.FleetCli.Commands;
using OrleansAiFleet.Storage.Audit;

namespace OrleansAiFleet.FleetCli.Tests.Commands;

public sealed class AuditCommandTests
{
    [Fact]
    public void Days_are_read_in_any_order()
    {
        var days = AuditCommand.ParseDays(["--to", "2026-03-31", "--from", "2026-03-01"]);

        Assert.Equal(new AuditDays(new(2026, 3, 1), new(2026, 3, 31)), days);
        Assert.Equal(new AuditDays(), AuditCommand.ParseDays([]));
    }

    [Theory]
    [InlineData("--from")]
    [InlineData("--from", "yesterday")]
    [InlineData("--since", "2026-03-01")]
    public void Option_that_cannot_be_read_is_named(params string[] options)
    {
        var refusal = Assert.Throws<FleetCliException>(() => AuditCommand.ParseDays(options));

        Assert.Contains(options[0], refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clean_trail_is_one_line_with_its_newest_head()
    {
        var head = new AuditHead(new(2026, 3, 3), 5, "abc", "k1");

        Assert.Equal("15 entries of 3 days: clean\nnewest head: 2026-03-03 row 5 abc (key k1)", AuditCommand.Text(new(15, 3, 0, head)));
        Assert.Equal("15 entries of 3 days: 2 faults", AuditCommand.Text(new(15, 3, 2, null)));
    }

    [Fact]
    public void Programs_get_the_same_as_json()
    {
        var fault = new AuditFault(new(2026, 3, 2), 3, AuditFaultKind.ChangedContent, "why");

        Assert.Equal(
            """{"is_clean":false,"entries":15,"days":3,"fault_count":1"""
            + ""","faults":[{"day":"2026-03-02","sequence":3,"kind":"changed_content","detail":"why"}]"""
            + ""","newest_head":{"day":"2026-03-03","sequence":5,"hash":"abc","key_id":"k1"}}""",
            AuditCommand.Json(new(15, 3, 1, new(new(2026, 3, 3), 5, "abc", "k1")), [fault]));
    }

    [Fact]
    public async Task Trail_is_not_checked_with_a_key_made_up_for_it()
    {
        var home = Path.Combine(Path.GetTempPath(), $"fleet-audit-{Guid.NewGuid():N}");
        var settings = FleetSettings.From(name => name == "FLEET_HOME" ? home : null);

        var refusal = await Assert.ThrowsAsync<FleetCliException>(() => AuditCommand.RunAsync(settings, ["verify"]));

        Assert.Contains("audit key", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(settings.AuditKeyFile));
    }
}
