using System.Net;
using System.Net.Http.Json;

using OrleansAiFleet.Access;

namespace OrleansAiFleet.Silo.Tests.Access.Attacks;

/// <summary>The manager of one site after the things of another.</summary>
internal sealed class SiteAttacks(ControlSilo silo, AttackLog log)
{
    private const string Kind = "other site's ids";

    public async Task RunAsync()
    {
        var (own, other) = (await silo.CreateSiteAsync("Own"), await silo.CreateSiteAsync("Other"));
        var camera = await silo.CreateAsync(
            "/api/admin/cameras", new { site_id = other, name = "camera", source_url = "http://192.0.2.1/stream", enabled = false });
        var deployment = await silo.CreateAsync(
            "/api/admin/deployments", new { site_id = other, model_id = silo.Model, deployment_name = "deployment", deployment_type = "testing" });
        using var manager = await silo.ClientAsync([new(AccessRole.SiteManager, own)]);
        using var narrowed = await silo.ClientAsync([new(AccessRole.Administrator)], sites: [own]);
        foreach (var http in new[] { manager, narrowed })
        {
            foreach (var form in new[] { "D", "N", "B", "P", "X" })
            {
                foreach (var path in new[] { $"sites/{other.ToString(form)}", $"cameras/{camera.ToString(form)}", $"deployments/{deployment.ToString(form)}" })
                {
                    await log.RefusedAsync(http, Kind, path, new(HttpMethod.Get, $"/api/admin/{path}"), HttpStatusCode.BadRequest);
                }
            }

            foreach (var path in new[] { $"cameras/{camera.ToString().ToUpperInvariant()}/live.jpg", $"deployments/{deployment}/metrics", $"cameras/{camera}?site_id={own}" })
            {
                await log.RefusedAsync(http, Kind, path, new(HttpMethod.Get, $"/api/admin/{path}"));
            }

            await BodiesAsync(http, own, other, camera);
            using var list = await http.GetAsync(new Uri($"/api/admin/cameras?site_id={other}", UriKind.Relative));
            log.Note(Kind, "list of the other site", !(await list.Content.ReadAsStringAsync()).Contains(camera.ToString(), StringComparison.Ordinal));
        }
    }

    private async Task BodiesAsync(HttpClient http, Guid own, Guid other, Guid camera)
    {
        var asked = new { site_id = other, name = "mine", source_url = "http://192.0.2.1/x" };
        await log.RefusedAsync(http, Kind, "camera on the other site", Post("/api/admin/cameras", asked));
        await log.RefusedAsync(
            http, Kind, "two sites in one body",
            new(HttpMethod.Post, "/api/admin/cameras")
            {
                Content = new StringContent(
                    $$"""{"site_id":"{{own}}","site_id":"{{other}}","name":"x","source_url":"http://192.0.2.1/x"}""",
                    System.Text.Encoding.UTF8, "application/json"),
            },
            HttpStatusCode.BadRequest);
        await log.RefusedAsync(
            http, Kind, "deployment that looks at the other site's camera",
            Post("/api/admin/deployments", new
            {
                site_id = own, model_id = silo.Model, deployment_name = "x", deployment_type = "testing", input_sources = new[] { camera },
            }),
            HttpStatusCode.BadRequest);
        await log.RefusedAsync(
            http, Kind, "camera that exists, moved", Post("/api/admin/cameras", new { id = camera, site_id = own, name = "x", source_url = "http://192.0.2.1/x" }),
            HttpStatusCode.Conflict, HttpStatusCode.BadRequest);
        await log.RefusedAsync(
            http, Kind, "role for oneself", new(HttpMethod.Put, $"/api/admin/people/{Guid.NewGuid()}/grants")
            {
                Content = JsonContent.Create(new { grants = new[] { new { role = "administrator" } } }),
            });
    }

    private static HttpRequestMessage Post(string path, object body) => new(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
}
