using System.Net;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Deployments;
using OrleansAiFleet.Silo.Detections;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Silo.Metrics;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Deployments;

[Collection(ApiTests.Name)]
public sealed class DeploymentsApiTests(ApiFixture api)
{
    private readonly AiModel _model = new() { Id = Guid.NewGuid(), Name = "Helmets", ConfidenceThresholdDefault = 0.35m, BatchSizeOptimal = 4 };

    [Fact]
    public async Task What_a_deployment_leaves_out_is_taken_from_its_model()
    {
        var deployment = await Deploy();

        Assert.Equal((_model.Id, 0.35m, 4), (deployment.ModelId, deployment.ConfidenceThreshold, deployment.BatchSize));
    }

    [Fact]
    public async Task Model_in_the_body_deploys_the_same()
    {
        api.Rows.Models[_model.Id] = _model;

        var answer = await api.Http.Post(
            "/api/admin/deployments",
            new { model_id = _model.Id, site_id = Guid.NewGuid(), deployment_name = "Helmets north", confidence_threshold = 0.6, batch_size = 2 });

        var deployment = await answer.Read<Deployment>(HttpStatusCode.Created);
        Assert.Equal((_model.Id, 0.6m, 2), (deployment.ModelId, deployment.ConfidenceThreshold, deployment.BatchSize));
        Assert.Null(deployment.ApiKey);
    }

    [Fact]
    public async Task Model_nobody_registered_cannot_be_deployed()
    {
        var answer = await api.Http.Post(
            $"/api/admin/ai-models/{Guid.NewGuid()}/deploy", new { site_id = Guid.NewGuid(), deployment_name = "Helmets" });

        await answer.ReadProblem(HttpStatusCode.NotFound, "model_id");
    }

    [Fact]
    public async Task Status_counts_the_cameras_of_the_site_that_run()
    {
        var site = Guid.NewGuid();
        foreach (var enabled in (bool[])[true, false])
        {
            await api.Http.Post("/api/admin/cameras", new { site_id = site, name = $"Gate {enabled}", source_url = "/a.mp4", enabled });
        }

        var deployment = await Deploy(site);
        var status = await (await api.Http.Get($"/api/admin/deployments/{deployment.Id}/status")).Read<DeploymentProgress>();

        Assert.Equal(DeploymentStatus.Active, status.DeploymentStatus);
        Assert.Equal((2, 1), (status.Cameras.Length, status.CamerasRunning));
        Assert.Equal(DateTimeOffset.UnixEpoch, status.LastHealthCheck);
    }

    [Fact]
    public async Task Terminated_deployment_looks_at_no_camera()
    {
        var deployment = await Deploy();

        var answer = await api.Http.DeleteAsync(new Uri($"/api/admin/deployments/{deployment.Id}", UriKind.Relative));

        Assert.Equal(DeploymentStatus.Terminated, (await answer.Read<Deployment>()).DeploymentStatus);
        var status = await (await api.Http.Get($"/api/admin/deployments/{deployment.Id}/status")).Read<DeploymentProgress>();
        Assert.Empty(status.Cameras);
    }

    [Fact]
    public async Task Deployment_nobody_made_is_not_found()
    {
        var id = Guid.NewGuid();

        await (await api.Http.Get($"/api/admin/deployments/{id}")).ReadProblem(HttpStatusCode.NotFound, field: null);
        await (await api.Http.Get($"/api/admin/deployments/{id}/metrics")).ReadProblem(HttpStatusCode.NotFound, field: null);
        await (await api.Http.DeleteAsync(new Uri($"/api/admin/deployments/{id}", UriKind.Relative)))
            .ReadProblem(HttpStatusCode.NotFound, field: null);
    }

    [Fact]
    public async Task Lists_hand_filter_limit_and_cursor_on()
    {
        var site = Guid.NewGuid();

        await (await api.Http.Get($"/api/admin/deployments?site_id={site}&status=active&limit=7&cursor=abc")).Read<Page<Deployment>>();

        var filter = Assert.IsType<DeploymentFilter>(api.Reader.LastFilter);
        Assert.Equal((site, DeploymentStatus.Active), (filter.SiteId, filter.Status?.Value));
        Assert.Equal((7, "abc"), (api.Reader.LastPage?.Limit, api.Reader.LastPage?.Cursor));
    }

    [Fact]
    public async Task Windows_are_read_between_two_instants()
    {
        var deployment = await Deploy();

        var page = await (await api.Http.Get(
            $"/api/admin/deployments/{deployment.Id}/metrics?from=2026-03-01T10:00:00Z&to=2026-03-01T11:00:00Z")).Read<Page<object>>();

        var filter = Assert.IsType<MetricsFilter>(api.Reader.LastFilter);
        Assert.Equal(TimeSpan.FromHours(1), filter.To - filter.From);
        Assert.Equal("next", page.NextCursor);
    }

    [Fact]
    public async Task Detections_are_read_by_class_and_confidence()
    {
        var camera = Guid.NewGuid();
        await api.Http.Post("/api/admin/cameras", new { id = camera, site_id = camera, name = "Gate", source_url = "/a.mp4" });

        await (await api.Http.Get($"/api/zm/cameras/{camera}/ai-detections?class=person&min_confidence=0.5")).Read<Page<object>>();

        var filter = Assert.IsType<DetectionFilter>(api.Reader.LastFilter);
        Assert.Equal(("person", 0.5f), (filter.ClassName, filter.MinConfidence));
    }

    private async Task<Deployment> Deploy(Guid? site = null)
    {
        api.Rows.Models[_model.Id] = _model;
        var answer = await api.Http.Post(
            $"/api/admin/ai-models/{_model.Id}/deploy", new { site_id = site ?? Guid.NewGuid(), deployment_name = "Helmets" });
        return await answer.Read<Deployment>(HttpStatusCode.Created);
    }
}
