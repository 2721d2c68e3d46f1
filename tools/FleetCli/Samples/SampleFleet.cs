using System.Net.Http.Json;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.FleetCli.Samples;

/// <summary>
/// Registers the sample model, site, camera and deployment. Their ids are fixed, so a second run finds what the first one
/// made.
/// </summary>
internal sealed class SampleFleet(FleetApi api, FleetSettings settings)
{
    public static readonly Guid ModelId = new("5a3b1e00-0000-4000-8000-000000000001");
    public static readonly Guid SiteId = new("5a3b1e00-0000-4000-8000-000000000002");
    private static readonly Guid CameraId = new("5a3b1e00-0000-4000-8000-000000000003");
    private static readonly Guid DeploymentId = new("5a3b1e00-0000-4000-8000-000000000004");

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private string Folder => Path.Combine(settings.Root, "samples");

    /// <summary>Registers what is not there yet.</summary>
    /// <exception cref="FleetCliException">The fleet refused one of them, or no worker came up in time.</exception>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        await EnsureAsync("api/admin/ai-models", ModelId, () => Model(ModelId, "1.0.0", "site-safety.onnx"), cancellationToken);
        await EnsureAsync("api/admin/sites", SiteId, Site, cancellationToken);
        await RegisterCameraAsync(CameraId, "Sample camera", cancellationToken);
        await EnsureAsync("api/admin/deployments", DeploymentId, Deployment, cancellationToken);
    }

    /// <summary>Another version of the sample model, if it is not there yet.</summary>
    /// <exception cref="FleetCliException">The fleet refused it, or no worker came up in time.</exception>
    public Task RegisterVersionAsync(Guid id, string version, string file, CancellationToken cancellationToken) =>
        EnsureAsync("api/admin/ai-models", id, () => Model(id, version, file), cancellationToken);

    /// <summary>A camera of the sample site that plays the sample clip, if it is not there yet.</summary>
    /// <exception cref="FleetCliException">The fleet refused it.</exception>
    public Task RegisterCameraAsync(Guid id, string name, CancellationToken cancellationToken) =>
        EnsureAsync("api/admin/cameras", id, () => Camera(id, name), cancellationToken);

    // A worker that is still starting is worth waiting for: it inspects the model.
    private async Task EnsureAsync(string path, Guid id, Func<HttpContent> make, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            try
            {
                if (!await api.ExistsAsync($"{path}/{id}", patience.Token))
                {
                    using var body = make();
                    await api.PostAsync(path, body, patience.Token);
                }

                return;
            }
            catch (FleetCliException failure) when (FleetApi.IsPassing(failure) && !patience.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), patience.Token);
            }
        }
    }

    private MultipartFormDataContent Model(Guid id, string version, string file)
    {
        var form = new MultipartFormDataContent
        {
            { new StringContent(id.ToString()), "id" },
            { new StringContent("Site safety sample"), "name" },
            { new StringContent(version), "version" },
            { new StringContent("object_detection"), "model_type" },
            { new StringContent("Safety Compliance"), "category" },
            { new StringContent("Workers with and without helmet and vest, and vehicles, trained on rendered pictures."), "description" },
            { new StringContent(File.ReadAllText(Path.Combine(Folder, "site-safety.labels.txt"))), "labels" },
        };
        form.Add(new StreamContent(File.OpenRead(Path.Combine(Folder, file))), "file", file);
        return form;
    }

    private static JsonContent Site() => Json(new { id = SiteId, name = "Sample site", time_zone = "UTC" });

    private JsonContent Camera(Guid id, string name) => Json(new
    {
        id,
        site_id = SiteId,
        name,
        source_url = Path.Combine(Folder, "construction-site.mp4"),
        loop = true,
    });

    private static JsonContent Deployment() => Json(new
    {
        id = DeploymentId,
        model_id = ModelId,
        site_id = SiteId,
        deployment_name = "Sample deployment",

        // Nobody approved the sample.
        deployment_type = "testing",
        confidence_threshold = 0.5,
        batch_size = 8,
        processing_interval_seconds = 0,
        input_sources = new[] { CameraId },
    });

    /// <summary>A body in the fleet's JSON.</summary>
    public static JsonContent Json<T>(T value) => JsonContent.Create(value, options: FleetJson.Options);
}
