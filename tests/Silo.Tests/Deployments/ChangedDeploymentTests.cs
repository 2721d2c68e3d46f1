using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Silo.Tests.Models;

namespace OrleansAiFleet.Silo.Tests.Deployments;

/// <summary>Columns of a deployment at work, over HTTP, with real grains and rows.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class ChangedDeploymentTests(ControlSilo silo) : RegistryRequests(silo)
{
    [Fact]
    public async Task Change_needs_the_version_that_was_read_and_gives_the_next_one()
    {
        var id = await DeployedAsync();
        var read = await Silo.Administrator.Get($"/api/admin/deployments/{id}");
        var tag = read.Headers.ETag!.Tag;

        Assert.Equal(HttpStatusCode.PreconditionRequired, (await PutAsync(id, new { batch_size = 2 }, null)).StatusCode);
        var changed = await PutAsync(id, new { batch_size = 2, performance_alert_threshold = 15 }, tag);
        var row = await changed.Read<Deployment>();
        Assert.Equal((2, 15m, DeploymentStatus.Active), (row.BatchSize, row.PerformanceAlertThreshold, row.DeploymentStatus));
        Assert.NotEqual(tag, changed.Headers.ETag!.Tag);

        var late = await (await PutAsync(id, new { batch_size = 3 }, tag)).Read<JsonObject>(HttpStatusCode.Conflict);
        Assert.Contains(changed.Headers.ETag.Tag.Trim('"'), late.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("api_key\":\"", late.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_taken_is_refused_with_its_field()
    {
        var id = await DeployedAsync();

        foreach (var (body, field, status) in new (object, string, HttpStatusCode)[]
        {
            (new { model_id = Guid.NewGuid() }, "model_id", HttpStatusCode.BadRequest),
            (new { timeout_seconds = 0 }, "timeout_seconds", HttpStatusCode.BadRequest),
            (new { processing_interval_seconds = -1 }, "processing_interval_seconds", HttpStatusCode.BadRequest),
            (new { preprocessing_pipeline = new { decoder = "ssd" } }, "preprocessing_pipeline", HttpStatusCode.BadRequest),
            (new { preprocessing_pipeline = new { input_width = 1_000_000 } }, "preprocessing_pipeline.input_width", HttpStatusCode.BadRequest),
            (new { postprocessing_pipeline = new { class_thresholds = new { unicorn = 0.5 } } }, "postprocessing_pipeline.class_thresholds", HttpStatusCode.BadRequest),
            (new { input_sources = new[] { Guid.NewGuid() } }, "input_sources", HttpStatusCode.NotFound),
            (new { rollback_model_id = Guid.NewGuid() }, "rollback_model_id", HttpStatusCode.NotFound),
        })
        {
            var problem = await (await PutAsync(id, body, "*")).Read<JsonObject>(status);
            Assert.Contains($"\"{field}", problem.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Deployment_that_is_compared_or_over_is_not_changed()
    {
        var id = await DeployedAsync();
        var next = await ApprovedAsync();
        var rollout = await Silo.Administrator.Post(
            $"/api/admin/deployments/{id}/rollouts",
            new { model_id = next.Id, starts_at = TimeProvider.System.GetUtcNow().AddHours(1), steps = new[] { new { kind = "set_weight", weight = 10 } } });
        Assert.Equal(HttpStatusCode.Created, rollout.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync(id, new { batch_size = 2 }, "*")).StatusCode);

        var other = await DeployedAsync();
        await Silo.Administrator.DeleteAsync(new Uri($"/api/admin/deployments/{other}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync(other, new { batch_size = 2 }, "*")).StatusCode);
    }

    [Fact]
    public async Task Scheduled_deployment_waits_for_the_time_of_its_site_which_can_be_moved()
    {
        var model = await ApprovedAsync();
        var site = await Silo.CreateSiteAsync("Scheduled");
        var year = TimeProvider.System.GetUtcNow().Year + 1;
        var asked = new
        {
            model_id = model.Id, site_id = site, deployment_name = "Crane", deployment_strategy = "scheduled",
            scheduled_start_time = $"{year}-07-01T07:00", scheduled_end_time = $"{year}-07-01T19:00Z",
        };

        var row = await (await Silo.Administrator.Post("/api/admin/deployments", asked)).Read<Deployment>(HttpStatusCode.Created);
        var zone = TimeZoneInfo.FindSystemTimeZoneById((await (await Silo.Administrator.Get($"/api/admin/sites/{site}")).Read<JsonObject>())["time_zone"]!.ToString());
        var start = TimeZoneInfo.ConvertTime(row.ScheduledStartTime!.Value, zone);
        Assert.Equal((7, 19), (start.Hour, row.ScheduledEndTime!.Value.Hour));
        Assert.Equal(DeploymentStatus.Pending, row.DeploymentStatus);

        var moved = await (await PutAsync(row.Id, new { scheduled_start_time = $"{year}-07-01T08:00", scheduled_end_time = (string?)null }, "*")).Read<Deployment>();
        Assert.Equal((row.ScheduledStartTime.Value.AddHours(1), null), (moved.ScheduledStartTime!.Value, moved.ScheduledEndTime));
        var refused = await (await PutAsync(row.Id, new { scheduled_start_time = "at dawn" }, "*")).Read<JsonObject>(HttpStatusCode.BadRequest);
        Assert.Equal("scheduled_start_time", refused["field"]!.ToString());
    }

    [Fact]
    public async Task Gradual_deployment_begins_a_rollout_and_repeated_it_changes_nothing()
    {
        var before = await DeployedAsync();
        var stable = await (await Silo.Administrator.Get($"/api/admin/deployments/{before}")).Read<Deployment>();
        var next = await ApprovedAsync();
        var asked = new
        {
            id = Guid.NewGuid(), model_id = next.Id, site_id = stable.SiteId, deployment_name = "Careful", deployment_strategy = "gradual",
            previous_deployment_id = before, confidence_threshold = 0.35,
        };

        var row = await (await Silo.Administrator.Post("/api/admin/deployments", asked)).Read<Deployment>(HttpStatusCode.Created);
        var again = await (await Silo.Administrator.Post("/api/admin/deployments", asked)).Read<Deployment>(HttpStatusCode.Created);
        var rollout = await (await Silo.Administrator.Get($"/api/admin/rollouts/{asked.id}")).Read<JsonObject>();

        Assert.Equal((asked.id, asked.id, 0.35m), (row.Id, again.Id, row.ConfidenceThreshold));
        Assert.Equal(before.ToString(), rollout["stable_deployment_id"]!.ToString());
        await Silo.Administrator.Post($"/api/admin/rollouts/{asked.id}/roll-back", new { reason = "Enough." });
    }

    private async Task<Guid> DeployedAsync()
    {
        var model = await ApprovedAsync();
        return (await (await DeployAsync(model.Id, await Silo.CreateSiteAsync("Changed"))).Read<Deployment>(HttpStatusCode.Created)).Id;
    }

    private async Task<HttpResponseMessage> PutAsync(Guid id, object body, string? ifMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/admin/deployments/{id}") { Content = JsonContent.Create(body) };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await Silo.Administrator.SendAsync(request);
    }
}
