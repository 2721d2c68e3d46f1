using System.Net;
using System.Text.Json;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.System.Tests.Fleet;

namespace OrleansAiFleet.System.Tests.Models;

/// <summary>A model's whole life through the API of a whole fleet, and a file that somebody damages in the middle of it.</summary>
[Collection(WholeFleet.Name)]
public sealed class ModelLifeTests
{
    private const string Models = "api/admin/ai-models";
    private const string Helmets = "Helmets";

    [Fact]
    public async Task Two_people_release_it_it_works_survives_a_damaged_successor_and_ends_in_the_archive()
    {
        await using var fleet = await FleetUnderTest.StartAsync(workers: 1, "--no-samples");
        using var ann = await PersonAsync(fleet, "ann@example.org");
        using var bob = await PersonAsync(fleet, "bob@example.org");
        var model = await File.ReadAllBytesAsync(Path.Combine(SampleSite.Folder, "site-safety.onnx"));
        var first = await ReleasedAsync(fleet, model, ann, bob);
        var (camera, deployment) = await DeployAsync(fleet, first);
        await fleet.WaitUntilAsync("it finds something", TimeSpan.FromSeconds(40), async () => await StatusAsync(fleet, camera) is { Detections: > 0 });
        Assert.Contains("Gate", await RefusedAsync(fleet, first, "archive"), StringComparison.Ordinal);

        // Another file of the same model: one entry more in its metadata.
        var second = await ReleasedAsync(fleet, [.. model, 0x72, 8, 0x0A, 1, (byte)'n', 0x12, 3, .. "two"u8], ann, bob);
        await DamageAsync(fleet, second);
        await OkAsync(fleet.Api, HttpMethod.Put, $"{Models}/{second}/aliases/champion");
        CameraStatus? status = null;
        await fleet.WaitUntilAsync("the camera says that the file is damaged", TimeSpan.FromSeconds(20), async () =>
            (status = await StatusAsync(fleet, camera))?.Problem?.Contains("damaged", StringComparison.Ordinal) is true);
        Assert.Equal(StreamState.Running, status!.State);
        Assert.Contains($"{Helmets} 2", status.Problem, StringComparison.Ordinal);
        await fleet.WaitUntilAsync("the version of before goes on serving", TimeSpan.FromSeconds(20), async () =>
            await StatusAsync(fleet, camera) is { } later && later.FramesInferred > status.FramesInferred + 10 && later.Problem is not null);

        await OkAsync(fleet.Api, HttpMethod.Put, $"{Models}/{first}/aliases/champion");
        await fleet.WaitUntilAsync("nothing is wrong any more", TimeSpan.FromSeconds(40), async () => await StatusAsync(fleet, camera) is { Problem: null });
        await OkAsync(fleet.Api, HttpMethod.Delete, $"api/admin/deployments/{deployment}");
        await StepAsync(fleet.Api, first, "deprecate");
        await StepAsync(fleet.Api, first, "archive");
        Assert.Equal("archived", (await OkAsync(fleet.Api, HttpMethod.Get, $"{Models}/{first}")).GetProperty("status").GetString());
        Assert.InRange(await DetectionsAsync(fleet, deployment), 1, long.MaxValue);
    }

    /// <returns>Sends with the key of a new person who may approve.</returns>
    private static async Task<HttpClient> PersonAsync(FleetUnderTest fleet, string name)
    {
        var owner = await SampleSite.PostAsync(
            fleet, "api/admin/people", SampleSite.Json(new { name, kind = "person", grants = new[] { new { role = "approver" } } }));
        var key = await OkAsync(fleet.Api, HttpMethod.Post, "api/admin/api-keys", new { name, owner_id = owner });
        var http = new HttpClient { BaseAddress = fleet.Api.BaseAddress };
        http.DefaultRequestHeaders.Add("X-Api-Key", key.GetProperty("secret").GetString());
        return http;
    }

    private static async Task<Guid> ReleasedAsync(FleetUnderTest fleet, byte[] content, params HttpClient[] approvers)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(Helmets), "name" },
            { new StringContent("Safety Compliance"), "category" },
            { new ByteArrayContent(content), "file", "helmets.onnx" },
        };
        var id = await SampleSite.PostAsync(fleet, Models, form);
        foreach (var approver in approvers)
        {
            await StepAsync(approver, id, "approve");
        }

        return id;
    }

    private static async Task<(Guid Camera, Guid Deployment)> DeployAsync(FleetUnderTest fleet, Guid model)
    {
        await OkAsync(fleet.Api, HttpMethod.Put, $"{Models}/{model}/aliases/champion");
        var site = await SampleSite.PostAsync(fleet, "api/admin/sites", SampleSite.Json(new { name = "Site", time_zone = "UTC" }));
        var camera = await SampleSite.PostAsync(fleet, "api/admin/cameras", SampleSite.Json(new
        {
            site_id = site, name = "Camera", source_url = Path.Combine(SampleSite.Folder, "construction-site.mp4"), loop = true,
        }));
        return (camera, await SampleSite.PostAsync(fleet, "api/admin/deployments", SampleSite.Json(new
        {
            model_name = Helmets, model_alias = "champion", site_id = site, deployment_name = "Gate", deployment_type = "production",
            processing_interval_seconds = 0,
        })));
    }

    // One bit of what is stored. The worker that validated the file has it still: as if it were another one.
    private static async Task DamageAsync(FleetUnderTest fleet, Guid model)
    {
        await using var flip = fleet.Database.CreateCommand("""
            UPDATE model_file_chunks SET content = set_byte(content, 1000, get_byte(content, 1000) # 1)
            WHERE ordinal = 0 AND content_id = (
                SELECT content_id FROM model_files WHERE 'sha256/' || sha256 = (SELECT model_file_path FROM ai_models WHERE id = $1))
            """);
        flip.Parameters.Add(new() { Value = model });
        Assert.Equal(1, await flip.ExecuteNonQueryAsync());
        var path = (await OkAsync(fleet.Api, HttpMethod.Get, $"{Models}/{model}")).GetProperty("model_file_path").GetString()!;
        var kept = Path.Combine(fleet.ModelCache, $"{path["sha256/".Length..]}.model");
        Assert.True(File.Exists(kept));
        File.Delete(kept);
    }

    private static async Task<CameraStatus?> StatusAsync(FleetUnderTest fleet, Guid camera) =>
        (await fleet.ReadHealthAsync())?.Cameras.SingleOrDefault(status => status.CameraId == camera);

    private static Task<JsonElement> StepAsync(HttpClient http, Guid model, string step) =>
        OkAsync(http, HttpMethod.Post, $"{Models}/{model}/{step}", new { comment = "Tried at the gate" });

    private static async Task<string> RefusedAsync(FleetUnderTest fleet, Guid model, string step)
    {
        using var answer = await fleet.Api.PostAsync($"{Models}/{model}/{step}", SampleSite.Json(new { comment = "Too early" }));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return problem.RootElement.GetProperty("detail").GetString()!;
    }

    private static async Task<JsonElement> OkAsync(HttpClient http, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : SampleSite.Json(body) };
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path} answered {(int)answer.StatusCode}: {text}");
        return JsonElement.Parse(text);
    }

    private static async Task<long> DetectionsAsync(FleetUnderTest fleet, Guid deployment)
    {
        await using var count = fleet.Database.CreateCommand("SELECT count(*) FROM detections WHERE deployment_id = $1");
        count.Parameters.Add(new() { Value = deployment });
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
