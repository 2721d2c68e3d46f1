using System.Net;

namespace OrleansAiFleet.Silo.Tests.Fleet;

/// <summary>One invalid request per group of endpoints: validation skips types that are not public without a word.</summary>
[Collection(ApiTests.Name)]
public sealed class ValidationTests(ApiFixture api)
{
    private static readonly Guid Id = Guid.Parse("11111111-2222-3333-4444-555555555555");

    [Fact]
    public async Task Site_without_a_name_is_refused() =>
        await (await api.Http.Post("/api/admin/sites", new { time_zone = "UTC" })).ReadProblem(HttpStatusCode.BadRequest, "name");

    [Fact]
    public async Task Camera_without_a_site_is_refused() =>
        await (await api.Http.Post("/api/admin/cameras", new { name = "Gate", source_url = "/a.mp4" }))
            .ReadProblem(HttpStatusCode.BadRequest, "site_id");

    [Fact]
    public async Task Camera_with_an_impossible_threshold_is_refused() =>
        await (await api.Http.Post("/api/admin/cameras", new { site_id = Id, name = "Gate", source_url = "/a", motion_threshold = 0 }))
            .ReadProblem(HttpStatusCode.BadRequest, "motion_threshold");

    [Fact]
    public async Task Camera_with_a_scene_that_is_too_long_is_refused() =>
        await (await api.Http.Post("/api/admin/cameras", new { site_id = Id, name = "Gate", source_url = "/a", scene = new string('x', 65) }))
            .ReadProblem(HttpStatusCode.BadRequest, "scene");

    [Fact]
    public async Task Deployment_without_a_model_is_refused() =>
        await (await api.Http.Post("/api/admin/deployments", new { site_id = Id, deployment_name = "Helmets" }))
            .ReadProblem(HttpStatusCode.BadRequest, "model_id");

    [Fact]
    public async Task Deployment_by_the_models_address_is_validated_alike() =>
        await (await api.Http.Post(
                $"/api/admin/ai-models/{Id}/deploy", new { site_id = Id, deployment_name = "Helmets", confidence_threshold = 2 }))
            .ReadProblem(HttpStatusCode.BadRequest, "confidence_threshold");

    [Fact]
    public async Task Enum_by_number_is_refused() =>
        await (await api.Http.Post("/api/admin/cameras", new { site_id = Id, name = "Gate", source_url = "/a", sampling_mode = 1 }))
            .ReadProblem(HttpStatusCode.BadRequest, "sampling_mode");

    [Theory]
    [InlineData("/api/admin/ai-models?limit=0", "limit")]
    [InlineData("/api/admin/sites?limit=501", "limit")]
    [InlineData("/api/admin/cameras?limit=ten", "limit")]
    [InlineData("/api/admin/ai-models?model_type=telepathy", "model_type")]
    [InlineData("/api/admin/deployments?status=7", "status")]
    public async Task Page_that_cannot_be_had_is_refused(string path, string field) =>
        await (await api.Http.Get(path)).ReadProblem(HttpStatusCode.BadRequest, field);

    [Fact]
    public async Task Impossible_confidence_of_detections_is_refused()
    {
        await api.Http.Post("/api/admin/cameras", new { id = Id, site_id = Id, name = "Gate", source_url = "/a.mp4" });

        var answer = await api.Http.Get($"/api/zm/cameras/{Id}/ai-detections?min_confidence=1.5");

        await answer.ReadProblem(HttpStatusCode.BadRequest, "min_confidence");
    }
}
