using System.Net;
using System.Text.Json.Nodes;

using Npgsql;

using OrleansAiFleet.Access;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Detections;

[Collection(ControlSiloTests.Name)]
public sealed class DetectionMarksApiTests(ControlSilo silo)
{
    // As the database has it, and JSON: to the microsecond.
    private static readonly DateTimeOffset Seen = new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero).AddTicks(1_234_560);

    [Fact]
    public async Task Operator_marks_a_detection_changes_the_word_and_takes_it_back()
    {
        var (site, camera, detection) = await SeenAsync();
        using var person = await silo.ClientAsync([new(AccessRole.Operator, site)]);

        var marked = await (await person.Put(Path(camera, detection), Word("false_positive", " A tarpaulin. "))).Read<DetectionMark>();
        var changed = await (await person.Put(Path(camera, detection), Word("correct"))).Read<DetectionMark>();

        Assert.Equal((DetectionVerdict.FalsePositive, "A tarpaulin.", site), (marked.Verdict, marked.Comment, marked.SiteId));
        Assert.Equal((Seen, "person", false), (marked.FrameTime, marked.ClassName, marked.IsShadow));
        Assert.NotNull(marked.MarkedBy);
        Assert.Equal((DetectionVerdict.Correct, null), (changed.Verdict, changed.Comment));
        var listed = await (await person.Get($"{List(camera)}?verdict=correct")).Read<Page<DetectionMark>>();
        Assert.Equal(changed, Assert.Single(listed.Items));
        Assert.Empty((await (await person.Get($"{List(camera)}?verdict=false_positive")).Read<Page<DetectionMark>>()).Items);

        Assert.Equal(HttpStatusCode.NoContent, (await person.DeleteAsync(new Uri(Path(camera, detection), UriKind.Relative))).StatusCode);
        await (await person.DeleteAsync(new Uri(Path(camera, detection), UriKind.Relative))).ReadProblem(HttpStatusCode.NotFound, "detection_id");
        var trail = await (await silo.Administrator.Get($"/api/admin/audit?target_type=detections&target_id={detection}")).Read<JsonObject>();
        Assert.Equal(
            ["detections.unmark", "detections.mark", "detections.mark"], trail["items"]!.AsArray().Select(entry => (string)entry!["action"]!));

        // What was seen when can be erased; the trail cannot.
        Assert.DoesNotContain("2026-03-02", trail.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain($"{camera:D}", trail.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_only_looks_or_is_of_another_site_says_nothing()
    {
        var (site, camera, detection) = await SeenAsync();
        using var viewer = await silo.ClientAsync([new(AccessRole.Viewer, site)]);
        using var other = await silo.ClientAsync([new(AccessRole.Operator, await silo.CreateSiteAsync("Elsewhere"))]);

        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.Put(Path(camera, detection), Word("correct"))).StatusCode);
        await (await other.Put(Path(camera, detection), Word("correct"))).ReadProblem(HttpStatusCode.NotFound, "camera_id");

        Assert.Empty((await (await viewer.Get(List(camera))).Read<Page<DetectionMark>>()).Items);
    }

    [Theory]
    [InlineData("""{"verdict":"correct"}""", "frame_time")]
    [InlineData("""{"frame_time":"2026-03-02T10:00:00Z"}""", "verdict")]
    [InlineData("""{"frame_time":"2026-03-02T10:00:00Z","verdict":"correct","comment":"a\u0000"}""", "comment")]
    public async Task What_is_missing_or_cannot_be_taken_is_named(string body, string field)
    {
        var (_, camera, detection) = await SeenAsync();

        await (await silo.Administrator.Put(Path(camera, detection), JsonNode.Parse(body)!)).ReadProblem(HttpStatusCode.BadRequest, field);
    }

    [Fact]
    public async Task Detection_of_another_camera_or_frame_is_not_found()
    {
        var (_, camera, detection) = await SeenAsync();
        var (_, another, _) = await SeenAsync();

        await (await silo.Administrator.Put(Path(another, detection), Word("correct"))).ReadProblem(HttpStatusCode.NotFound, "frame_time");
        await (await silo.Administrator.Put(Path(camera, detection), new { frame_time = Seen.AddTicks(10), verdict = "correct" }))
            .ReadProblem(HttpStatusCode.NotFound, "frame_time");
    }

    [Fact]
    public async Task What_a_shadow_found_is_listed_and_judged_too()
    {
        var (site, camera, live) = await SeenAsync();
        var unseen = await StoreAsync("shadow_detections", site, camera);

        var listed = await (await silo.Administrator.Get($"/api/zm/cameras/{camera}/ai-detections?shadow=true")).Read<Page<Detection>>();
        var seen = await (await silo.Administrator.Get($"/api/zm/cameras/{camera}/ai-detections")).Read<Page<Detection>>();
        var marked = await (await silo.Administrator.Put(Path(camera, unseen), Word("false_positive"))).Read<DetectionMark>();

        Assert.Equal((unseen, live), (Assert.Single(listed.Items).Id, Assert.Single(seen.Items).Id));
        Assert.True(marked.IsShadow);
    }

    private static object Word(string verdict, string? comment = null) => new { frame_time = Seen, verdict, comment };

    private static string List(Guid camera) => $"/api/zm/cameras/{camera}/ai-detections/marks";

    private static string Path(Guid camera, Guid detection) => $"/api/zm/cameras/{camera}/ai-detections/{detection}/mark";

    private async Task<(Guid Site, Guid Camera, Guid Detection)> SeenAsync()
    {
        var site = await silo.CreateSiteAsync("Marked");
        var camera = await silo.CreateAsync(
            "/api/admin/cameras", new { site_id = site, name = "Gate", source_url = "http://192.0.2.1/stream", enabled = false });
        return (site, camera, await StoreAsync("detections", site, camera));
    }

    private async Task<Guid> StoreAsync(string table, Guid site, Guid camera)
    {
        var id = Guid.NewGuid();
        var (rollout, rolloutId) = table == "detections" ? ("", "") : ("rollout_id, ", "gen_random_uuid(), ");
        await using var insert = silo.Get<NpgsqlDataSource>().CreateCommand($"""
            INSERT INTO {table} (
                {rollout}id, camera_id, site_id, deployment_id, model_id, frame_time, frame_number, class_id, class_name, confidence, x, y, width, height)
            VALUES ({rolloutId}$1, $2, $3, gen_random_uuid(), gen_random_uuid(), $4, 1, 1, 'person', 0.5, 0, 0, 1, 1)
            """);
        insert.Parameters.Add(new() { Value = id });
        insert.Parameters.Add(new() { Value = camera });
        insert.Parameters.Add(new() { Value = site });
        insert.Parameters.Add(new() { Value = Seen.UtcDateTime });
        await insert.ExecuteNonQueryAsync();
        return id;
    }
}
