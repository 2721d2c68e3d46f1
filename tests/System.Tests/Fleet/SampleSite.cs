using System.Net.Http.Json;
using System.Text.Json;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.System.Tests.Fleet;

/// <summary>The sample model at work on cameras that play the sample clip, registered through the API.</summary>
internal sealed class SampleSite
{
    private readonly FleetUnderTest _fleet;

    private SampleSite(FleetUnderTest fleet, Guid deployment, IReadOnlyList<Guid> cameras)
    {
        (_fleet, Deployment, Cameras) = (fleet, deployment, cameras);
    }

    public Guid Deployment { get; }

    public IReadOnlyList<Guid> Cameras { get; }

    /// <summary>Where the samples lie.</summary>
    public static string Folder { get; } = Path.Combine(RealData.RepositoryRoot, "samples");

    /// <summary>Registers all of it and waits until every camera finds something.</summary>
    public static async Task<SampleSite> CreateAsync(FleetUnderTest fleet, int cameras, object? camera = null)
    {
        var model = await PostAsync(fleet, "api/admin/ai-models", ModelForm("site-safety.onnx"));
        var site = await PostAsync(fleet, "api/admin/sites", Json(new { name = $"Site {Guid.NewGuid():N}", time_zone = "Europe/Berlin" }));
        var ids = new List<Guid>();
        for (var i = 1; i <= cameras; i++)
        {
            ids.Add(await PostAsync(fleet, "api/admin/cameras", Json(camera ?? new
            {
                site_id = site,
                name = $"Camera {i}",
                source_url = Path.Combine(Folder, "construction-site.mp4"),
                loop = true,
            })));
        }

        var deployment = await PostAsync(fleet, "api/admin/deployments", Json(new
        {
            model_id = model,
            site_id = site,
            deployment_name = "Under test",
            deployment_type = "testing",
            confidence_threshold = 0.5,
            batch_size = 8,
            processing_interval_seconds = 0,
            input_sources = ids,
        }));
        var sample = new SampleSite(fleet, deployment, ids);
        await fleet.WaitUntilAsync(
            "every camera finds something",
            TimeSpan.FromMinutes(1),
            async () => await sample.StatusesAsync() is { } statuses && statuses.Count == cameras
                && statuses.All(status => status.State == StreamState.Running && status.Detections > 0));
        return sample;
    }

    /// <summary>Status of this site's cameras.</summary>
    public async Task<IReadOnlyList<CameraStatus>?> StatusesAsync() => await _fleet.ReadHealthAsync() is { } health
        ? [.. health.Cameras.Where(camera => Cameras.Contains(camera.CameraId))]
        : null;

    /// <summary>Takes the deployment off its cameras and waits until nothing of it is under way.</summary>
    public async Task TerminateAsync()
    {
        using var answer = await _fleet.Api.DeleteAsync($"api/admin/deployments/{Deployment}");
        answer.EnsureSuccessStatusCode();
        await _fleet.WaitUntilAsync(
            "no camera works for the deployment any more",
            TimeSpan.FromMinutes(1),
            async () => await StatusesAsync() is { Count: 0 });
    }

    /// <summary>A model upload as the form that the API takes.</summary>
    public static MultipartFormDataContent ModelForm(string file, string? path = null)
    {
        var form = new MultipartFormDataContent
        {
            { new StringContent($"Model {Guid.NewGuid():N}"), "name" },
            { new StringContent("1.0.0"), "version" },
            { new StringContent("object_detection"), "model_type" },
            { new StringContent("Safety Compliance"), "category" },
        };
        form.Add(new StreamContent(File.OpenRead(path ?? Path.Combine(Folder, file))), "file", file);
        return form;
    }

    /// <summary>Approves a version in another person's name: nobody approves what he uploaded.</summary>
    public static async Task ApproveAsync(FleetUnderTest fleet, Guid model)
    {
        var owner = await PostAsync(
            fleet, "api/admin/people", Json(new { name = "approver@example.org", kind = "person", grants = new[] { new { role = "approver" } } }));
        using var key = await fleet.Api.PostAsync("api/admin/api-keys", Json(new { name = "approver", owner_id = owner }));
        using var approver = new HttpClient { BaseAddress = fleet.Api.BaseAddress };
        approver.DefaultRequestHeaders.Add("X-Api-Key", JsonElement.Parse(await key.Content.ReadAsStringAsync()).GetProperty("secret").GetString());
        using var answer = await approver.PostAsync($"api/admin/ai-models/{model}/approve", Json(new { comment = "Tried at the gate" }));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A body with the API's names.</summary>
    public static JsonContent Json<T>(T value) => JsonContent.Create(value, options: FleetJson.Options);

    /// <summary>Posts and gives the new row's id.</summary>
    public static async Task<Guid> PostAsync(FleetUnderTest fleet, string path, HttpContent body)
    {
        using var answer = await fleet.Api.PostAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {text}");
        using var row = JsonDocument.Parse(text);
        return row.RootElement.GetProperty("id").GetGuid();
    }
}
