using System.Net.Http.Json;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.FleetCli.Samples;

/// <summary>
/// Registers the sample model, site, camera and deployment. Their ids are fixed, so a second run finds what the first one
/// made.
/// </summary>
internal sealed class SampleFleet(FleetApi api, FleetSettings settings)
{
    private static readonly Guid ModelId = new("5a3b1e00-0000-4000-8000-000000000001");
    private static readonly Guid SiteId = new("5a3b1e00-0000-4000-8000-000000000002");
    private static readonly Guid CameraId = new("5a3b1e00-0000-4000-8000-000000000003");
    private static readonly Guid DeploymentId = new("5a3b1e00-0000-4000-8000-000000000004");

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private string Folder => Path.Combine(settings.Root, "samples");

    /// <summary>Registers what is not there yet.</summary>
    /// <exception cref="FleetCliException">The fleet refused one of them, or no worker came up in time.</exception>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        await EnsureAsync("api/admin/ai-models", ModelId, Model, cancellationToken);
        await EnsureAsync("api/admin/sites", SiteId, Site, cancellationToken);
        await EnsureAsync("api/admin/cameras", CameraId, Camera, cancellationToken);
        await EnsureAsync("api/admin/deployments", DeploymentId, Deployment, cancellationToken);
    }

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

    private MultipartFormDataContent Model()
    {
        var form = new MultipartFormDataContent
        {
            { new StringContent(ModelId.ToString()), "id" },
            { new StringContent("Site safety sample"), "name" },
            { new StringContent("1.0.0"), "version" },
            { new StringContent("object_detection"), "model_type" },
            { new StringContent("Safety Compliance"), "category" },
            { new StringContent("Workers with and without helmet and vest, and vehicles, trained on rendered pictures."), "description" },
            { new StringContent(File.ReadAllText(Path.Combine(Folder, "site-safety.labels.txt"))), "labels" },
        };
        form.Add(new StreamContent(File.OpenRead(Path.Combine(Folder, "site-safety.onnx"))), "file", "site-safety.onnx");
        return form;
    }

    private static JsonContent Site() => Json(new { id = SiteId, name = "Sample site", time_zone = "UTC" });

    private JsonContent Camera() => Json(new
    {
        id = CameraId,
        site_id = SiteId,
        name = "Sample camera",
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
        input_sources = new[] { CameraId },
    });

    private static JsonContent Json<T>(T value) => JsonContent.Create(value, options: FleetJson.Options);
}
