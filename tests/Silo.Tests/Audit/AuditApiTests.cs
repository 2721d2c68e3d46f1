using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Audit;

[Collection(ApiTests.Name)]
public sealed class AuditApiTests(ApiFixture api)
{
    [Fact]
    public async Task List_hands_every_filter_on_and_shows_changes_as_json()
    {
        var site = Guid.NewGuid();

        var page = await (await api.Http.Get(
            "/api/admin/audit?from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z&caller=ada&action=cameras.&outcome=refused"
            + $"&target_type=cameras&target_id=7&site_id={site}&limit=7&cursor=abc")).Read<Page<JsonObject>>();

        var filter = api.Audit.LastFilter!;
        Assert.Equal(TimeSpan.FromDays(1), filter.To - filter.From);
        Assert.Equal(("ada", "cameras.", AuditOutcome.Refused), (filter.Caller, filter.Action, filter.Outcome?.Value));
        Assert.Equal(("cameras", "7", site), (filter.TargetType, filter.TargetId, filter.SiteId));
        Assert.Equal((7, "abc"), (api.Audit.LastPage?.Limit, api.Audit.LastPage?.Cursor));
        Assert.Equal("next", page.NextCursor);
        Assert.Equal("Gate", (string?)page.Items[0]["after"]!["name"]);
    }

    [Theory]
    [InlineData("outcome=perhaps")]
    [InlineData("from=yesterday")]
    [InlineData("limit=501")]
    [InlineData("site_id=7")]
    public async Task Filter_that_cannot_be_is_refused(string query)
    {
        var answer = await api.Http.Get($"/api/admin/audit?{query}");

        await answer.ReadProblem(HttpStatusCode.BadRequest, query[..query.IndexOf('=', StringComparison.Ordinal)]);
    }

    [Fact]
    public async Task Export_is_an_object_a_line_and_is_recorded_itself()
    {
        var target = $"{Guid.NewGuid()}";

        var answer = await api.Http.Get($"/api/admin/audit/export?target_id={target}");

        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal([1L, 2, 3], lines.Select(line => (long)JsonNode.Parse(line)!["sequence"]!));
        Assert.All(lines, line => Assert.Contains("""{"name": "Gate"}""", line, StringComparison.Ordinal));
        var record = Assert.Single(api.Audit.Records, record => record.After!.Contains(target, StringComparison.Ordinal));
        Assert.Equal(("audit.export", "audit_entries"), (record.Action, record.TargetType));
        Assert.Equal("ndjson", JsonDocument.Parse(record.After!).RootElement.GetProperty("format").GetString());
    }

    [Fact]
    public async Task Export_as_csv_quotes_what_would_break_a_cell_or_run_in_a_spreadsheet()
    {
        var answer = await api.Http.Get("/api/admin/audit/export?format=csv");

        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("day,sequence,occurred_at,", text, StringComparison.Ordinal);
        Assert.Contains(
            "2026-03-01,2,2026-03-01T12:00:00.0000000Z,person,,\"'=ada, \"\"the first\"\"\",,,cameras.update,done,,,,\"two\nlines\",,"
            + "\"{\"\"name\"\": \"\"Gate\"\"}\",",
            text,
            StringComparison.Ordinal);
        Assert.Equal(4, text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Export_that_cannot_be_recorded_does_not_happen()
    {
        var answer = await api.Http.Get($"/api/admin/audit/export?site_id={Guid.Empty}");

        await answer.ReadProblem(HttpStatusCode.ServiceUnavailable, field: null);
    }

    [Fact]
    public async Task Export_whose_first_row_cannot_be_read_is_a_problem_and_no_half_file()
    {
        var answer = await api.Http.Get($"/api/admin/audit/export?target_id={AuditInMemory.Away}");

        await answer.ReadProblem(HttpStatusCode.ServiceUnavailable, field: null);
    }

    [Fact]
    public async Task Verification_names_faulty_rows()
    {
        var found = await (await api.Http.Get("/api/admin/audit/verification?from=2026-03-01&to=2026-03-31")).Read<JsonObject>();

        Assert.Equal((new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31)), api.Audit.LastDays);
        Assert.False((bool)found["is_clean"]!);
        Assert.Equal(("changed_content", 3L), ((string?)found["faults"]![0]!["kind"], (long)found["faults"]![0]!["sequence"]!));
    }

    [Fact]
    public async Task Verification_takes_the_last_seven_days_by_itself()
    {
        await (await api.Http.Get("/api/admin/audit/verification?to=2026-03-31")).Read<JsonObject>();

        Assert.Equal((new DateOnly(2026, 3, 25), new DateOnly(2026, 3, 31)), api.Audit.LastDays);
    }

    [Theory]
    [InlineData("from=2026-03-01&to=2026-04-01")]
    [InlineData("from=2026-03-02&to=2026-03-01")]
    public async Task Verification_of_too_many_days_is_refused(string query)
    {
        var answer = await api.Http.Get($"/api/admin/audit/verification?{query}");

        await answer.ReadProblem(HttpStatusCode.BadRequest, "from");
    }
}
