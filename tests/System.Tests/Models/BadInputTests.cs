using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.System.Tests.Fleet;

namespace OrleansAiFleet.System.Tests.Models;

/// <summary>What cannot be right is refused by the field's name, and nothing of it stays.</summary>
[Collection(WholeFleet.Name)]
public sealed class BadInputTests
{
    [Fact]
    public async Task Bad_models_and_cameras_are_refused_by_field_and_leave_nothing_behind()
    {
        await using var fleet = await FleetUnderTest.StartAsync(workers: 1, "--no-samples");
        var site = await SampleSite.PostAsync(fleet, "api/admin/sites", SampleSite.Json(new { name = "Site", time_zone = "UTC" }));
        var noise = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        await File.WriteAllBytesAsync(noise, [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 31))]);

        await AssertRefusedAsync(fleet, "api/admin/ai-models", SampleSite.ModelForm("noise.onnx", noise), "file");
        File.Delete(noise);
        await AssertRefusedAsync(fleet, "api/admin/cameras", Camera(site, "concat:/etc/passwd|/etc/hosts"), "source_url");
        await AssertRefusedAsync(fleet, "api/admin/cameras", Camera(site, "gopher://127.0.0.1/1"), "source_url");
        await AssertRefusedAsync(fleet, "api/admin/cameras", Camera(Guid.NewGuid(), "rtsp://127.0.0.1/1"), "site_id");

        Assert.Equal(0, await CountAsync(fleet, "ai_models"));
        Assert.Equal(0, await CountAsync(fleet, "model_files"));
        Assert.Equal(0, await CountAsync(fleet, "cameras"));
    }

    [Fact]
    public async Task A_camera_that_is_not_there_says_so_without_its_password()
    {
        await using var fleet = await FleetUnderTest.StartAsync(workers: 1, "--no-samples");
        var model = await SampleSite.PostAsync(fleet, "api/admin/ai-models", SampleSite.ModelForm("site-safety.onnx"));
        var site = await SampleSite.PostAsync(fleet, "api/admin/sites", SampleSite.Json(new { name = "Site", time_zone = "UTC" }));
        var camera = await SampleSite.PostAsync(
            fleet, "api/admin/cameras", Camera(site, "rtsp://operator:hunter2-planted@127.0.0.1:9/stream"));
        await SampleSite.PostAsync(fleet, "api/admin/deployments", SampleSite.Json(new
        {
            model_id = model, site_id = site, deployment_name = "D", confidence_threshold = 0.5, batch_size = 1,
        }));

        CameraStatus? status = null;
        await fleet.WaitUntilAsync("the camera says what is wrong", TimeSpan.FromSeconds(60), async () =>
        {
            status = (await fleet.ReadHealthAsync())?.Cameras.SingleOrDefault(item => item.CameraId == camera);
            return status is { State: StreamState.Reconnecting, Problem: not null };
        });

        Assert.DoesNotContain("hunter2", status!.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", await fleet.Api.GetStringAsync("api/admin/cameras"), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", await fleet.Api.GetStringAsync($"api/admin/cameras/{camera}"), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fleet.ReadLogs(), StringComparison.Ordinal);
    }

    private static JsonContent Camera(Guid site, string url) =>
        SampleSite.Json(new { site_id = site, name = "Camera", source_url = url });

    private static async Task AssertRefusedAsync(FleetUnderTest fleet, string path, HttpContent body, string field)
    {
        using var answer = await fleet.Api.PostAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(text);
        Assert.Equal(field, problem.RootElement.GetProperty("field").GetString());
    }

    private static async Task<long> CountAsync(FleetUnderTest fleet, string table)
    {
        await using var command = fleet.Database.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
