using System.Net;
using System.Text.Json.Nodes;

using Microsoft.EntityFrameworkCore;

using OrleansAiFleet.Access;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Models;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Silo.Tests.Models;

[Collection(ControlSiloTests.Name)]
public sealed class ModelInsightsTests(ControlSilo silo) : RegistryRequests(silo)
{
    [Fact]
    public async Task Comparison_shows_live_figures_of_the_version_that_was_at_work_then()
    {
        var (first, second) = (await ApprovedAsync(), await ApprovedAsync());
        var site = await Silo.CreateSiteAsync("Compared");
        await PointAsync(first.Id, "champion");
        var deployment = await DeployAliasAsync("champion", site);
        var start = TimeProvider.System.GetUtcNow();
        await PointAsync(second.Id, "champion");
        await MovePeriodsAsync(deployment, start.AddHours(-2), start.AddHours(-1));
        await StoreWindowAsync(deployment, start.AddMinutes(-100), frames: 1000, milliseconds: 20, errors: 0);
        await StoreWindowAsync(deployment, start.AddMinutes(-62), frames: 999, milliseconds: 900, errors: 99);
        await StoreWindowAsync(deployment, start.AddMinutes(-50), frames: 3000, milliseconds: 10, errors: 30);
        await StoreWindowAsync(deployment, start.AddMinutes(-40), frames: 1000, milliseconds: 14, errors: 10);

        var comparison = await (await Silo.Administrator.Get(
            $"/api/admin/ai-models/performance-comparison?ids={first.Id},{second.Id}")).Read<ModelComparison>();

        Assert.Equal([1, 2], comparison.Models.Select(model => model.Windows));
        var time = comparison.Measures.Single(measure => measure is { Source: "live", Measure: "inference_time_avg_ms" });
        Assert.Equal([20, 11], time.Values);
        Assert.Equal((-9, -45, "better"), (time.Differences[1]!.Absolute, time.Differences[1]!.Percent, time.Differences[1]!.Verdict));
        Assert.Equal([0, 1], comparison.Measures.Single(measure => measure is { Source: "live", Measure: "error_rate_percentage" }).Values);
        using var stranger = await Silo.ClientAsync([new(AccessRole.Viewer, await Silo.CreateSiteAsync("Elsewhere"))]);
        var seen = await (await stranger.Get($"/api/admin/ai-models/performance-comparison?ids={first.Id},{second.Id}")).Read<ModelComparison>();
        Assert.Equal([0, 0], seen.Models.Select(model => model.Windows));
        var used = await (await Silo.Administrator.Get("/api/admin/ai-models/resource-utilization")).Read<ResourceUtilization>();
        Assert.Equal((2, 4000, 44), Figures(used, second.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?ids=7,8")]
    [InlineData("?ids=00000000-0000-0000-0000-000000000001")]
    public async Task Comparison_of_less_than_two_versions_is_refused(string query) =>
        await (await Silo.Administrator.Get("/api/admin/ai-models/performance-comparison" + query)).ReadProblem(HttpStatusCode.BadRequest, "ids");

    [Fact]
    public async Task Licence_is_tracked_warned_of_and_blocked_until_somebody_who_may_overrides_it()
    {
        var model = await ApprovedAsync();
        await (await SendAsync(HttpMethod.Put, model.Id, "*", new { license_type = "Trial", license_seats = 1, export_restrictions = "not: KP" }))
            .Read<AiModel>();
        var site = await Silo.CreateSiteAsync("Licensed");
        var body = new JsonObject { ["site_id"] = site, ["deployment_name"] = "Gate" };

        await (await DeployBodyAsync(Silo.Administrator, model.Id, body)).ReadProblem(HttpStatusCode.Conflict, "model_id");
        body["license_override"] = "Country to be entered";
        using var manager = await Silo.ClientAsync([new(AccessRole.SiteManager)]);
        await (await DeployBodyAsync(manager, model.Id, body)).ReadProblem(HttpStatusCode.Forbidden, "license_override");
        var deployed = await DeployBodyAsync(Silo.Administrator, model.Id, body);
        var usage = await (await Silo.Administrator.Get($"/api/admin/ai-models/license-usage?model_id={model.Id}")).Read<LicenseUsage[]>();

        Assert.Equal(HttpStatusCode.Created, deployed.StatusCode);
        Assert.Contains("no country", Assert.Single(deployed.Headers.GetValues("Warning")), StringComparison.Ordinal);
        var use = Assert.Single(Assert.Single(usage).Sites);
        Assert.Equal((site, "Trial", "Country to be entered"), (use.SiteId, use.LicenseType, use.LicenseOverride));
        Assert.NotNull(use.Since);
    }

    [Fact]
    public async Task Bulk_update_changes_all_or_none()
    {
        var (first, second) = (await UploadAsync(), await UploadAsync());
        Guid[] ids = [first.Id, second.Id];

        var tried = await UpdateAsync(ids, new { author = "Ada" }, dryRun: true);
        var unknown = await UpdateAsync([.. ids, Guid.NewGuid()], new { author = "Ada" });
        var faulty = await UpdateAsync(ids, new { license_seats = 0 });
        var applied = await UpdateAsync(ids, new { author = "Ada", configuration = new { confidence_threshold = 0.6 } });

        Assert.Equal((false, false, false, true), (tried.Applied, unknown.Applied, faulty.Applied, applied.Applied));
        Assert.All(tried.Results, result => Assert.True(result.Changed));
        Assert.Single(unknown.Results, result => result.Detail is not null);
        Assert.All(faulty.Results, result => Assert.Equal("license_seats", result.Field));
        foreach (var id in ids)
        {
            var model = await (await Silo.Administrator.Get($"/api/admin/ai-models/{id}")).Read<AiModel>();
            Assert.Equal(("Ada", 2), (model.Author, model.ConfigurationRevision));
        }
    }

    private static (int, long, decimal?) Figures(ResourceUtilization used, Guid model)
    {
        var figures = used.Models.Single(figures => figures.ModelId == model);
        return ((int)figures.Windows, figures.FramesInferred, figures.InferenceSeconds);
    }

    private static Task<HttpResponseMessage> DeployBodyAsync(HttpClient http, Guid model, JsonObject body) =>
        http.Post($"/api/admin/ai-models/{model}/deploy", body);

    private async Task<BulkUpdateAnswer> UpdateAsync(Guid[] ids, object fields, bool dryRun = false) =>
        await (await Silo.Administrator.Post("/api/admin/ai-models/bulk-update", new { ids, fields, dry_run = dryRun })).Read<BulkUpdateAnswer>();

    private async Task StoreWindowAsync(Guid deployment, DateTimeOffset at, long frames, decimal milliseconds, int errors)
    {
        await using var db = await Silo.Get<IDbContextFactory<FleetContext>>().CreateDbContextAsync();
        db.Metrics.Add(new PerformanceMetrics
        {
            Id = Guid.NewGuid(), DeploymentId = deployment, MetricTimestamp = at, CollectionPeriodMinutes = 5,
            FramesDecoded = frames, FramesInferred = frames, InferenceTimeAvgMs = milliseconds, TotalErrors = errors,
        });
        await db.SaveChangesAsync();
    }

    // As if the versions had been at work for hours.
    private async Task MovePeriodsAsync(Guid deployment, DateTimeOffset from, DateTimeOffset change)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(Silo.ConnectionString);
        await using var move = database.CreateCommand("""
            UPDATE deployment_periods
            SET live_from = CASE WHEN live_until IS NULL THEN $3 ELSE $2 END, live_until = CASE WHEN live_until IS NULL THEN NULL ELSE $3 END
            WHERE deployment_id = $1
            """);
        move.Parameters.Add(new() { Value = deployment });
        move.Parameters.Add(new() { Value = from });
        move.Parameters.Add(new() { Value = change });
        Assert.Equal(2, await move.ExecuteNonQueryAsync());
    }
}
