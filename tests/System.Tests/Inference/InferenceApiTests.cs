using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

using OrleansAiFleet.System.Tests.Fleet;

namespace OrleansAiFleet.System.Tests.Inference;

/// <summary>A picture from outside through a whole fleet: HTTP, gate, worker, real model and back.</summary>
[Collection(WholeFleet.Name)]
public sealed class InferenceApiTests
{
    [Fact]
    public async Task Deployments_key_has_pictures_looked_at_by_the_workers_that_serve_the_cameras()
    {
        await using var fleet = await FleetUnderTest.StartAsync(workers: 2, "--no-samples");
        var sample = await SampleSite.CreateAsync(fleet, cameras: 1);
        var picture = await fleet.Api.GetByteArrayAsync($"api/admin/cameras/{sample.Cameras[0]}/live.jpg");
        using var http = new HttpClient { BaseAddress = fleet.Api.BaseAddress };
        http.DefaultRequestHeaders.Add("X-Api-Key", await MakeKeyAsync(fleet, sample.Deployment));
        using (var early = await SendAsync(http, sample.Deployment, Body(picture)))
        {
            Assert.Equal(HttpStatusCode.Forbidden, early.StatusCode);
        }

        using (var opened = await fleet.Api.PutAsync(
            $"api/admin/deployments/{sample.Deployment}/api-access", SampleSite.Json(new { api_access_enabled = true })))
        {
            opened.EnsureSuccessStatusCode();
        }

        var single = await ReadAsync(await SendAsync(http, sample.Deployment, Body(picture)));
        Assert.Null(single[0].GetProperty("error").GetString());
        Assert.InRange(single[0].GetProperty("predictions").GetArrayLength(), 1, 1000);
        Assert.True(single[0].GetProperty("timing").GetProperty("infer_ms").GetDouble() > 0);

        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(picture), "a", "a.jpg" },
            { new ByteArrayContent(picture[..(picture.Length / 2)]), "b", "b.jpg" },
            { new ByteArrayContent(picture), "c", "c.jpg" },
        };
        var several = await ReadAsync(await SendAsync(http, sample.Deployment, form));
        Assert.Equal([false, true, false], several.Select(result => result.GetProperty("error").ValueKind == JsonValueKind.Object));
        Assert.Equal(single[0].GetProperty("predictions").GetArrayLength(), several[2].GetProperty("predictions").GetArrayLength());
        Assert.All(
            single[0].GetProperty("predictions").EnumerateArray().Zip(several[2].GetProperty("predictions").EnumerateArray()),
            pair => Assert.Equal(pair.First.GetRawText(), pair.Second.GetRawText()));
    }

    private static async Task<string> MakeKeyAsync(FleetUnderTest fleet, Guid deployment)
    {
        using var answer = await fleet.Api.PostAsync($"api/admin/deployments/{deployment}/api-key", null);
        answer.EnsureSuccessStatusCode();
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("secret").GetString()!;
    }

    private static ByteArrayContent Body(byte[] picture)
    {
        var body = new ByteArrayContent(picture);
        body.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return body;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, Guid deployment, HttpContent body) =>
        http.PostAsync($"api/inference/{deployment}", body);

    private static async Task<JsonElement[]> ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {text}");
            return [.. JsonElement.Parse(text).GetProperty("results").EnumerateArray()];
        }
    }
}
