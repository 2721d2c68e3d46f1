using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.System.Tests.Fleet;
using OrleansAiFleet.Testing;

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
        await File.WriteAllBytesAsync(noise, TinyModels.PictureToPicture());
        var sentence = await AssertRefusedAsync(fleet, "api/admin/ai-models", SampleSite.ModelForm("picture.onnx", noise), "configuration.decoder");
        Assert.Contains("positive", sentence, StringComparison.Ordinal);
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
            model_id = model, site_id = site, deployment_name = "D", deployment_type = "testing", confidence_threshold = 0.5, batch_size = 1,
            processing_interval_seconds = 0,
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

    [Fact]
    public async Task A_clip_that_breaks_off_gives_what_can_be_decoded_and_says_so()
    {
        await using var fleet = await FleetUnderTest.StartAsync(workers: 1, "--no-samples");
        var whole = await File.ReadAllBytesAsync(Path.Combine(SampleSite.Folder, "construction-site.mp4"));
        var folder = Directory.CreateTempSubdirectory("broken-clip-").FullName;
        var clip = Path.Combine(folder, "site.mp4");
        await File.WriteAllBytesAsync(clip, whole[..(whole.Length / 2)]);
        var model = await SampleSite.PostAsync(fleet, "api/admin/ai-models", SampleSite.ModelForm("site-safety.onnx"));
        var site = await SampleSite.PostAsync(fleet, "api/admin/sites", SampleSite.Json(new { name = "Site", time_zone = "UTC" }));
        var camera = await SampleSite.PostAsync(fleet, "api/admin/cameras", SampleSite.Json(new
        {
            site_id = site, name = "Broken", source_url = clip, pace = CameraPace.AsFastAsPossible,
        }));
        await SampleSite.PostAsync(fleet, "api/admin/deployments", SampleSite.Json(new
        {
            model_id = model, site_id = site, deployment_name = "D", deployment_type = "testing", confidence_threshold = 0.5, batch_size = 1,
            processing_interval_seconds = 0,
        }));

        CameraStatus? status = null;
        await fleet.WaitUntilAsync("the camera is through", TimeSpan.FromSeconds(90), async () =>
        {
            status = (await fleet.ReadHealthAsync())?.Cameras.SingleOrDefault(item => item.CameraId == camera);
            return status is { State: StreamState.Ended };
        });

        Assert.InRange(status!.FramesDecoded, 50, 299);
        Assert.NotNull(status.Problem);
        await fleet.WaitUntilAsync("what was found is stored", TimeSpan.FromSeconds(30), async () => await CountAsync(fleet, "detections") == status.Detections);
        Assert.InRange(status.Detections, 1, long.MaxValue);
        Assert.Single((await fleet.ReadHealthAsync())!.Workers);
        Directory.Delete(folder, recursive: true);
    }

    private static JsonContent Camera(Guid site, string url) =>
        SampleSite.Json(new { site_id = site, name = "Camera", source_url = url });

    /// <returns>What the answer says of the field.</returns>
    private static async Task<string> AssertRefusedAsync(FleetUnderTest fleet, string path, HttpContent body, string field)
    {
        using var answer = await fleet.Api.PostAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(text);
        Assert.Equal(field, problem.RootElement.GetProperty("field").GetString());
        return problem.RootElement.GetProperty("detail").GetString() ?? "";
    }

    private static async Task<long> CountAsync(FleetUnderTest fleet, string table)
    {
        await using var command = fleet.Database.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
