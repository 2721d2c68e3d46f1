using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Access;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Silo.Tests.Models;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Silo.Tests.Rollouts.Waves;

/// <summary>Fleet rollouts over HTTP, with real grains and rows; no worker is up, and a deployment needs none to be at work by its row.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class FleetRolloutsApiTests(ControlSilo silo) : RegistryRequests(silo)
{
    private const string Path = "/api/admin/fleet-rollouts";

    [Fact]
    public async Task It_goes_from_the_estimate_wave_by_wave_to_the_end_and_all_the_way_back()
    {
        var (model, sites) = (await ApprovedAsync(), await SitesAsync(3));
        var body = new { name = "Helmets", model_id = model.Id, site_ids = sites, waves = new[] { new { sites = 1 }, new { sites = 2 } }, soak_seconds = 3600 };

        var estimate = await (await Silo.Administrator.Post($"{Path}/estimate", body)).Read<FleetRolloutEstimate>();

        Assert.Equal([1, 2], estimate.Waves.Select(wave => wave.Sites.Length));
        Assert.Empty(estimate.Refusals);
        Assert.InRange(estimate.ShortestSeconds, 3600, estimate.LongestSeconds!.Value);
        var begun = await (await Silo.Administrator.Post(Path, body)).Read<FleetRolloutReport>(HttpStatusCode.Created);
        var id = begun.Rollout.Id;
        var soaking = await UntilAsync(id, report => report.Rollout.Progress.Phase == FleetRolloutPhase.Soaking);
        Assert.Equal([(1, 0), (0, 2)], soaking.Waves.Select(wave => (wave.Succeeded, wave.Waiting)));

        await (await TellAsync(id, "skip-soak", "Seen enough.")).Read<FleetRolloutReport>();

        var end = await UntilAsync(id, report => report.Rollout.IsSettled);
        Assert.Equal((FleetRolloutPhase.Succeeded, "3 of 3 sites have the version."), (end.Rollout.Progress.Phase, end.Rollout.Progress.Reason));
        var listed = await (await Silo.Administrator.Get($"{Path}/{id}/sites?state=succeeded")).Read<Page<FleetRolloutSite>>();
        Assert.Equal(sites, listed.Items.Select(site => site.SiteId));
        Assert.All(await StatusesAsync(listed), status => Assert.Equal(DeploymentStatus.Active, status));
        await (await TellAsync(id, "abort-all", "Too many false alarms.")).Read<FleetRolloutReport>();
        var back = await UntilAsync(id, report => report.Rollout.IsSettled);
        Assert.Equal((FleetRolloutPhase.Returned, 3), (back.Rollout.Progress.Phase, back.Waves.Sum(wave => wave.RolledBack)));
        Assert.Contains(back.Rollout.Decisions, decision => decision is { Command: FleetRolloutCommand.AbortAll, Why: "Too many false alarms.", By: not null });
        Assert.All(await StatusesAsync(listed), status => Assert.Equal(DeploymentStatus.Terminated, status));
        var again = await (await TellAsync(id, "abort-all")).Read<JsonObject>(HttpStatusCode.Conflict);
        Assert.Contains("Returned", again["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bulk_deployment_brings_a_version_everywhere_and_the_next_one_in_its_place()
    {
        var (first, second, sites) = (await ApprovedAsync(), await ApprovedAsync(), await SitesAsync(2));

        foreach (var model in new[] { first, second })
        {
            var begun = await (await Silo.Administrator.Post("/api/admin/ai-models/bulk-deploy", new { model_id = model.Id, site_ids = sites }))
                .Read<FleetRolloutReport>(HttpStatusCode.Created);
            await UntilAsync(begun.Rollout.Id, report => report.Rollout.Progress.Phase == FleetRolloutPhase.Succeeded);
        }

        foreach (var site in sites)
        {
            var there = await (await Silo.Administrator.Get($"/api/admin/deployments?site_id={site}")).Read<Page<Deployment>>();
            var deployment = Assert.Single(there.Items);
            Assert.Equal((DeploymentStatus.Active, second.Id, first.Id), (deployment.DeploymentStatus, deployment.ModelId, deployment.RollbackModelId));
        }
    }

    [Fact]
    public async Task Whoever_has_not_the_right_on_every_site_neither_begins_nor_sees_it()
    {
        var (model, sites) = (await ApprovedAsync(), await SitesAsync(2));
        using var ofOne = await Silo.ClientAsync([new(AccessRole.Operator, sites[0])]);
        var body = new { name = "Helmets", model_id = model.Id, site_ids = sites };

        foreach (var path in new[] { $"{Path}/estimate", Path, "/api/admin/ai-models/bulk-deploy" })
        {
            var problem = await (await ofOne.Post(path, body)).Read<JsonObject>(HttpStatusCode.NotFound);
            Assert.Contains($"{sites[1]}", problem.ToJsonString(), StringComparison.Ordinal);
        }

        var begun = await (await Silo.Administrator.Post(Path, body)).Read<FleetRolloutReport>(HttpStatusCode.Created);
        foreach (var path in new[] { $"{Path}/{begun.Rollout.Id}", $"{Path}/{begun.Rollout.Id}/sites" })
        {
            await (await ofOne.Get(path)).Read<JsonObject>(HttpStatusCode.NotFound);
        }

        await (await ofOne.Post($"{Path}/{begun.Rollout.Id}/abort-all", new { reason = "Mine." })).Read<JsonObject>(HttpStatusCode.NotFound);
        var listed = await (await ofOne.Get($"{Path}?model_id={model.Id}")).Read<Page<FleetRollout>>();
        Assert.Empty(listed.Items);

        // By a filter, everybody's fleet is what they may touch.
        var own = await (await ofOne.Post($"{Path}/estimate", new { name = "Mine", model_id = model.Id })).Read<FleetRolloutEstimate>();
        Assert.Equal([sites[0]], own.Waves.SelectMany(wave => wave.Sites.Select(site => site.SiteId)).Concat(own.Refusals.Select(refusal => refusal.SiteId)));
    }

    [Fact]
    public async Task Order_for_a_version_that_is_gone_is_refused_and_a_repeated_begin_begins_once()
    {
        var (model, sites) = (await ApprovedAsync(), await SitesAsync(2));
        var body = new { name = "Helmets", model_id = model.Id, site_ids = sites, soak_seconds = 3600, waves = new[] { new { sites = 1 }, new { sites = 1 } } };
        var key = $"{Guid.NewGuid():N}";
        var (first, second) = (await BeginAsync(), await BeginAsync());
        Assert.Equal(first.Rollout.Id, second.Rollout.Id);
        await UntilAsync(first.Rollout.Id, report => report.Rollout.Progress.Phase == FleetRolloutPhase.Soaking);

        using var stale = new HttpRequestMessage(HttpMethod.Post, $"{Path}/{first.Rollout.Id}/pause") { Content = JsonContent.Create(new { reason = "Wait." }) };
        stale.Headers.Add("If-Match", $"\"{first.RowVersion}\"");
        using var refused = await Silo.Administrator.SendAsync(stale);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var read = await Silo.Administrator.Get($"{Path}/{first.Rollout.Id}");
        using var fresh = new HttpRequestMessage(HttpMethod.Post, $"{Path}/{first.Rollout.Id}/pause") { Content = JsonContent.Create(new { reason = "Wait." }) };
        fresh.Headers.Add("If-Match", read.Headers.ETag!.Tag);
        var paused = await (await Silo.Administrator.SendAsync(fresh)).Read<FleetRolloutReport>();
        Assert.Equal((FleetRolloutHold.Paused, "Wait."), (paused.Rollout.Progress.Hold, paused.Rollout.Progress.Reason));

        async Task<FleetRolloutReport> BeginAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", key);
            return await (await Silo.Administrator.SendAsync(request)).Read<FleetRolloutReport>(HttpStatusCode.Created);
        }
    }

    [Theory]
    [InlineData("""{"name": "x"}""", "model_id", HttpStatusCode.BadRequest)]
    [InlineData("""{"model_id": "MODEL", "site_ids": ["SITE"]}""", "name", HttpStatusCode.BadRequest)]
    [InlineData("""{"name": "x", "model_id": "MODEL", "site_ids": []}""", "site_ids", HttpStatusCode.BadRequest)]
    [InlineData("""{"name": "x", "model_id": "MODEL", "site_ids": ["SITE", "SITE"]}""", "site_ids", HttpStatusCode.BadRequest)]
    [InlineData("""{"name": "x", "model_id": "SITE", "site_ids": ["SITE"]}""", "model_id", HttpStatusCode.NotFound)]
    [InlineData("""{"name": "x", "model_id": "MODEL", "site_ids": ["MODEL"]}""", "site_ids", HttpStatusCode.NotFound)]
    [InlineData("""{"name": "x", "model_id": "MODEL", "site_ids": ["SITE"], "deployment_ids": ["SITE"]}""", "deployment_ids", HttpStatusCode.NotFound)]
    [InlineData("""{"name": "x", "model_id": "MODEL", "site_ids": ["SITE"], "max_concurrent_sites": 0}""", "max_concurrent_sites", HttpStatusCode.BadRequest)]
    [InlineData("""{"name": "x", "model_id": "MODEL", "site_ids": ["SITE"], "waves": [{"percent": 0}]}""", "waves[0].percent", HttpStatusCode.BadRequest)]
    [InlineData("""{"name": "x", "model_id": "MODEL", "site_ids": ["SITE"], "failure_policy": {"sites": 0}}""", "failure_policy.sites", HttpStatusCode.BadRequest)]
    [InlineData("""{"name": "x", "model_id": "MODEL", "site_ids": ["SITE"], "template": {"batch_size": 0}}""", "template.batch_size", HttpStatusCode.BadRequest)]
    [InlineData("""{"name": "x", "model_id": "MODEL", "site_ids": ["SITE"], "template": {"steps": [{"kind": "set_weight", "weight": 101}]}}""", "template.steps[0].weight", HttpStatusCode.BadRequest)]
    [InlineData("""{"name": "x", "model_id": "MODEL", "site_ids": ["SITE"], "template": {"steps": [null]}}""", "template.steps[0]", HttpStatusCode.BadRequest)]
    [InlineData("""{"name": "x", "model_id": "MODEL", "site_ids": ["SITE"], "template": {"steps": null}}""", "template.steps", HttpStatusCode.BadRequest)]
    [InlineData("""{"name": "x", "model_id": "MODEL", "site_ids": ["SITE"], "template": {"analysis": null}}""", "template.analysis", HttpStatusCode.BadRequest)]
    [InlineData("""{"name": "x", "model_id": "MODEL", "site_ids": ["SITE"], "waves": [null]}""", "waves[0]", HttpStatusCode.BadRequest)]
    [InlineData("""{"name": "x", "model_id": "MODEL", "site_ids": ["SITE"], "waves": [{"site_ids": null}]}""", "waves[0]", HttpStatusCode.BadRequest)]
    [InlineData("""{"name": "x", "model_id": "MODEL", "site_ids": ["SITE"], "only_in_windows": true}""", "site_ids", HttpStatusCode.Conflict)]
    public async Task Wish_that_cannot_be_fulfilled_is_refused_with_its_field(string body, string field, HttpStatusCode status)
    {
        var (model, sites) = (await ApprovedAsync(), await SitesAsync(1));

        var answer = await Silo.Administrator.Post(
            Path, JsonNode.Parse(body.Replace("MODEL", $"{model.Id}", StringComparison.Ordinal).Replace("SITE", $"{sites[0]}", StringComparison.Ordinal))!);

        var problem = await answer.Read<JsonObject>(status);
        Assert.Contains($"\"{field}\"", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Maintenance_windows_are_stored_and_what_is_none_is_refused()
    {
        var site = (await SitesAsync(1))[0];
        var path = new Uri($"/api/admin/sites/{site}/maintenance-windows", UriKind.Relative);

        var set = await (await Silo.Administrator.PutAsJsonAsync(
            path, new { maintenance_windows = new[] { new { days = new[] { "saturday", "sunday" }, start = "22:00:00", end = "04:00:00" } } })).Read<Site>();
        var refused = await Silo.Administrator.PutAsJsonAsync(path, new { maintenance_windows = new[] { new { start = "25:00:00" } } });

        Assert.Equal((new TimeOnly(22, 0), new TimeOnly(4, 0)), (set.MaintenanceWindows[0].Start, set.MaintenanceWindows[0].End));
        Assert.Equal([DayOfWeek.Saturday, DayOfWeek.Sunday], set.MaintenanceWindows[0].Days);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    private async Task<Guid[]> SitesAsync(int count)
    {
        var sites = new Guid[count];
        for (var i = 0; i < count; i++)
        {
            sites[i] = await Silo.CreateSiteAsync("Wave");
            await Silo.CreateAsync("/api/admin/cameras", new { site_id = sites[i], name = "gate", source_url = "http://192.0.2.1/stream" });
        }

        return sites;
    }

    private async Task<IReadOnlyList<DeploymentStatus>> StatusesAsync(Page<FleetRolloutSite> sites)
    {
        var statuses = new List<DeploymentStatus>();
        foreach (var site in sites.Items)
        {
            statuses.Add((await (await Silo.Administrator.Get($"/api/admin/deployments/{site.TargetId}")).Read<Deployment>()).DeploymentStatus);
        }

        return statuses;
    }

    private Task<HttpResponseMessage> TellAsync(Guid id, string command, string? reason = null) =>
        Silo.Administrator.Post($"{Path}/{id}/{command}", new { reason });

    private async Task<FleetRolloutReport> UntilAsync(Guid id, Func<FleetRolloutReport, bool> wanted)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (await (await Silo.Administrator.Get($"{Path}/{id}")).Read<FleetRolloutReport>() is var found && wanted(found))
            {
                return found;
            }

            await Task.Delay(100, deadline.Token);
        }
    }
}
