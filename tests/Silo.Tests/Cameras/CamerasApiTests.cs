using System.Net;
using System.Text;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Cameras;

[Collection(ApiTests.Name)]
public sealed class CamerasApiTests(ApiFixture api)
{
    [Fact]
    public async Task Camera_nobody_created_is_not_found()
    {
        await (await api.Http.Get($"/api/admin/cameras/{Guid.NewGuid()}")).ReadProblem(HttpStatusCode.NotFound, field: null);
        await (await api.Http.Get($"/api/admin/cameras/{Guid.NewGuid()}/live.jpg")).ReadProblem(HttpStatusCode.NotFound, field: null);
        await (await api.Http.Get($"/api/zm/cameras/{Guid.NewGuid()}/ai-detections")).ReadProblem(HttpStatusCode.NotFound, "camera_id");
    }

    [Theory]
    [InlineData("  gate ", "gate")]
    [InlineData(null, "")]
    public async Task Scene_is_read_as_it_was_given(string? given, string scene)
    {
        var asked = new { site_id = Guid.NewGuid(), name = "Gate", source_url = "/data/clips/gate.mp4", scene = given };
        var camera = await (await api.Http.Post("/api/admin/cameras", asked)).Read<Camera>(HttpStatusCode.Created);

        var read = await (await api.Http.Get($"/api/admin/cameras/{camera.Id}")).Read<Camera>(HttpStatusCode.OK);

        Assert.Equal((scene, scene), (camera.Scene, read.Scene));
    }

    [Fact]
    public async Task Live_picture_is_a_jpeg_nobody_keeps()
    {
        var camera = await Create("/data/clips/gate.mp4");

        var answer = await api.Http.Get($"/api/admin/cameras/{camera.Id}/live.jpg");

        Assert.Equal("image/jpeg", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal([0xFF, 0xD8, 0], await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Live_pictures_follow_one_another_until_the_client_goes()
    {
        var camera = await Create("/data/clips/gate.mp4");
        using var answer = await api.Http.GetAsync(
            new Uri($"/api/admin/cameras/{camera.Id}/live.mjpeg", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        var start = new byte[400];
        await using (var body = await answer.Content.ReadAsStreamAsync())
        {
            await body.ReadExactlyAsync(start);
        }

        Assert.Equal("multipart/x-mixed-replace", answer.Content.Headers.ContentType?.MediaType);
        var parts = Encoding.Latin1.GetString(start).Split("--frame\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("Content-Type: image/jpeg\r\nContent-Length: 3\r\n\r\n\u00FF\u00D8\0\r\n", parts[0], StringComparison.Ordinal);
        Assert.EndsWith("\u00FF\u00D8\u0001\r\n", parts[1], StringComparison.Ordinal);
    }

    private async Task<Camera> Create(string source) => await (await api.Http.Post(
        "/api/admin/cameras", new { site_id = Guid.NewGuid(), name = "Gate", source_url = source })).Read<Camera>(HttpStatusCode.Created);
}
