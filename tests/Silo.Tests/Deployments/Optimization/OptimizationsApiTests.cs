using System.Net;
using System.Text.Json.Nodes;

using Microsoft.EntityFrameworkCore;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Silo.Tests.Models;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Silo.Tests.Deployments.Optimization;

/// <summary>Searches for better settings over HTTP, with real grains and rows; no worker is up, so that nothing is measured.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class OptimizationsApiTests(ControlSilo silo) : RegistryRequests(silo)
{
    private const string Path = "/api/admin/ai-models/optimize-performance";

    [Fact]
    public async Task Deployment_without_a_running_camera_has_nothing_to_measure_on()
    {
        var deployment = await DeployedAsync();

        var refused = await Silo.Administrator.Post(Path, new { deployment_id = deployment.Id, latency_target_milliseconds = 200 });

        var problem = await refused.Read<JsonObject>(HttpStatusCode.Conflict);
        Assert.Equal("deployment_id", (string?)problem["field"]);
        Assert.Contains("no frames to measure on", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"latency_target_milliseconds": 200}""", "deployment_id")]
    [InlineData("""{"deployment_id": "DEPLOYMENT"}""", "latency_target_milliseconds")]
    [InlineData("""{"deployment_id": "DEPLOYMENT", "latency_target_milliseconds": 0}""", "latency_target_milliseconds")]
    [InlineData("""{"deployment_id": "DEPLOYMENT", "latency_target_milliseconds": 200, "minimum_agreement": 0.1}""", "minimum_agreement")]
    [InlineData("""{"deployment_id": "DEPLOYMENT", "latency_target_milliseconds": 200, "intervals": [-1]}""", "intervals[0]")]
    [InlineData("""{"deployment_id": "DEPLOYMENT", "latency_target_milliseconds": 200, "frames": 3}""", "frames")]
    public async Task What_cannot_be_taken_is_refused_with_the_field(string body, string field)
    {
        var deployment = await DeployedAsync();

        var refused = await Silo.Administrator.Post(Path, JsonNode.Parse(body.Replace("DEPLOYMENT", $"{deployment.Id}", StringComparison.Ordinal))!);

        Assert.Equal(field, (string?)(await refused.Read<JsonObject>(HttpStatusCode.BadRequest))["field"]);
    }

    [Fact]
    public async Task Proposal_is_shown_listed_and_applied_once_somebody_says_so()
    {
        var deployment = await DeployedAsync();
        var model = await (await Silo.Administrator.Get($"/api/admin/ai-models/{deployment.ModelId}")).Read<AiModel>();
        var configuration = DeploymentPipeline.Of(model, deployment).Configuration;
        var current = new TrialConfiguration
        {
            BatchSize = deployment.BatchSize,
            Width = configuration.InputWidth ?? model.InputResolutionWidth ?? 0,
            Height = configuration.InputHeight ?? model.InputResolutionHeight ?? 0,
            IntervalSeconds = deployment.ProcessingIntervalSeconds,
        };
        var search = await StoreAsync(deployment, current, current with { BatchSize = deployment.BatchSize + 1, IntervalSeconds = 4 });

        var listed = await (await Silo.Administrator.Get($"{Path}?deployment_id={deployment.Id}&is_settled=true")).Read<OrleansAiFleet.Silo.Fleet.Page<PerformanceOptimization>>();
        var shown = await (await Silo.Administrator.Get($"{Path}/{search.Id}")).Read<JsonObject>();
        var applied = await Silo.Administrator.Post($"{Path}/{search.Id}/apply", new { });

        Assert.Equal([search.Id], listed.Items.Select(item => item.Id));
        Assert.Equal("proposed", (string?)shown["progress"]!["phase"]);
        Assert.Equal(6, (double)shown["progress"]!["proposal"]!["after"]!["frames_per_second"]!);
        Assert.Equal(OptimizationPhase.Applied, (await applied.Read<PerformanceOptimization>()).Progress.Phase);
        var changed = await (await Silo.Administrator.Get($"/api/admin/deployments/{deployment.Id}")).Read<Deployment>();
        Assert.Equal((deployment.BatchSize + 1, 4), (changed.BatchSize, changed.ProcessingIntervalSeconds));
        var trail = await (await Silo.Administrator.Get($"/api/admin/audit?target_type=performance_optimizations&target_id={search.Id}")).Read<JsonObject>();
        Assert.Contains("optimizations.apply", trail["items"]!.AsArray().Select(entry => (string)entry!["action"]!));
        Assert.Equal(HttpStatusCode.Conflict, (await Silo.Administrator.Post($"{Path}/{search.Id}/cancel", new { })).StatusCode);
    }

    private async Task<Deployment> DeployedAsync() => await (await DeployAsync(
        (await ApprovedAsync()).Id, await Silo.CreateSiteAsync("Searched"))).Read<Deployment>(HttpStatusCode.Created);

    private async Task<PerformanceOptimization> StoreAsync(Deployment deployment, TrialConfiguration current, TrialConfiguration proposed)
    {
        var search = new PerformanceOptimization
        {
            Id = Guid.CreateVersion7(), SiteId = deployment.SiteId, DeploymentId = deployment.Id, ModelId = deployment.ModelId, IsSettled = true,
            Progress = new()
            {
                Phase = OptimizationPhase.Proposed, Reason = "Better.", Current = current,
                Proposal = new() { Configuration = proposed, After = new() { Configuration = proposed, Seconds = 10, Frames = 60 } },
            },
        };
        await using var db = await Silo.Get<IDbContextFactory<FleetContext>>().CreateDbContextAsync();
        db.Add(search);
        await db.SaveChangesAsync();
        return search;
    }
}
