using System.Net;
using System.Text.Json.Nodes;

using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Cameras;

[Collection(ControlSiloTests.Name)]
public sealed class ErasuresApiTests(ControlSilo silo)
{
    [Fact]
    public async Task Erasure_gives_a_receipt_that_is_listed_and_in_the_trail()
    {
        var camera = await CameraAsync();

        var receipt = await (await silo.Administrator.Post(Path(camera), new { reason = "Asked for by a visitor", from = "2026-01-01T00:00:00Z" }))
            .Read<JsonObject>(HttpStatusCode.Created);

        Assert.Equal(0, (int)receipt["detections"]!);
        Assert.NotNull((string?)receipt["completed_at"]);
        Assert.NotNull((string?)receipt["requested_by"]);
        var listed = await (await silo.Administrator.Get(Path(camera))).Read<JsonObject>();
        Assert.Equal((string)receipt["id"]!, (string)listed["items"]![0]!["id"]!);
        var trail = await (await silo.Administrator.Get($"/api/admin/audit?target_type=erasures&target_id={receipt["id"]}")).Read<JsonObject>();
        Assert.NotEmpty(trail["items"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"reason":" "}""", "reason")]
    [InlineData("""{"reason":"x","to":"2999-01-01T00:00:00Z"}""", "to")]
    [InlineData("""{"reason":"x","from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}""", "from")]
    public async Task What_cannot_be_erased_is_refused_with_the_field(string body, string field) =>
        await (await silo.Administrator.Post(Path(await CameraAsync()), JsonNode.Parse(body)!)).ReadProblem(HttpStatusCode.BadRequest, field);

    [Fact]
    public async Task Camera_nobody_created_has_nothing_to_erase()
    {
        await (await silo.Administrator.Post(Path(Guid.NewGuid()), new { reason = "x" })).ReadProblem(HttpStatusCode.NotFound, field: null);
        await (await silo.Administrator.Get(Path(Guid.NewGuid()))).ReadProblem(HttpStatusCode.NotFound, field: null);
    }

    [Fact]
    public async Task Site_says_how_long_its_data_are_kept()
    {
        var site = await silo.CreateSiteAsync("Retention");

        var kept = await (await silo.Administrator.Put($"/api/admin/sites/{site}/retention", new { detections_retention_days = 14 })).Read<JsonObject>();
        await (await silo.Administrator.Put($"/api/admin/sites/{site}/retention", new { metrics_retention_days = 0 }))
            .ReadProblem(HttpStatusCode.BadRequest, "metrics_retention_days");

        Assert.Equal((14, null), ((int)kept["detections_retention_days"]!, (int?)kept["metrics_retention_days"]));
        var read = await (await silo.Administrator.Get($"/api/admin/sites/{site}")).Read<JsonObject>();
        Assert.Equal(14, (int)read["detections_retention_days"]!);
    }

    private static string Path(Guid camera) => $"/api/admin/cameras/{camera}/erasures";

    private async Task<Guid> CameraAsync() => await silo.CreateAsync("/api/admin/cameras", new
    {
        site_id = await silo.CreateSiteAsync("Erasures"), name = "Gate", source_url = "http://192.0.2.1/stream", enabled = false,
    });
}
