using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Access;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Silo.Models;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Models;

/// <summary>The registry as it runs: real grains, rows and triggers; the worker that inspects files is the test's.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class ModelRegistryTests(ControlSilo silo) : RegistryRequests(silo)
{

    [Fact]
    public async Task Name_and_category_are_enough_and_versions_are_counted()
    {
        var first = await UploadAsync();
        var second = await UploadAsync();

        Assert.Equal(("1", "2"), (first.Version, second.Version));
        Assert.Equal((ModelType.PersonDetection, "Person Detection", 0.5m), (first.ModelType, first.Category, first.ConfidenceThresholdDefault));
        Assert.Equal((ModelStatus.Development, LifecycleStage.Experimental, ApprovalStatus.Pending), (first.Status, first.LifecycleStage, first.ApprovalStatus));
        Assert.NotNull(first.Validation);
        var versions = await (await Silo.Administrator.Get($"/api/admin/ai-models/{first.Id}/versions")).Read<ModelVersion[]>();
        Assert.Equal(["2", "1"], versions.Select(version => version.Version));
    }

    [Fact]
    public async Task Two_others_approve_and_only_then_production_may_have_it()
    {
        var model = await UploadAsync();
        using var engineer = await Silo.ClientAsync([new(AccessRole.ModelEngineer)]);
        using var approver = await Silo.ClientAsync([new(AccessRole.Approver)]);
        using var another = await Silo.ClientAsync([new(AccessRole.Approver)]);
        var site = await Silo.CreateSiteAsync("North");

        await (await DeployAsync(model.Id, site)).ReadProblem(HttpStatusCode.Conflict, "model_id");
        await (await StepAsync(Silo.Administrator, model.Id, "approve")).ReadProblem(HttpStatusCode.Conflict, field: null);
        await (await StepAsync(engineer, model.Id, "approve")).ReadProblem(HttpStatusCode.Forbidden, field: null);
        var once = await (await StepAsync(approver, model.Id, "approve", "Sees helmets at night")).Read<StoredModel>();
        var again = await (await StepAsync(approver, model.Id, "approve")).Read<StoredModel>();
        var both = await (await StepAsync(another, model.Id, "approve")).Read<StoredModel>();

        Assert.Equal((ApprovalStatus.Pending, 1, 2), (once.Model.ApprovalStatus, once.Approvers.Length, once.RequiredApprovals));
        Assert.Single(again.Approvers);
        Assert.Equal((ModelStatus.Approved, ApprovalStatus.Approved), (both.Model.Status, both.Model.ApprovalStatus));
        await (await DeployAsync(model.Id, site)).Read<JsonObject>(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Timeline_says_what_was_live_and_who_had_approved_it()
    {
        var first = await ApprovedAsync();
        var second = await ApprovedAsync();
        var site = await Silo.CreateSiteAsync("Timeline");
        await PointAsync(first.Id, "champion");
        var deployment = await DeployAliasAsync("champion", site);
        await Task.Delay(50);
        var between = TimeProvider.System.GetUtcNow();
        await Task.Delay(50);
        var pointed = await PointAsync(second.Id, "champion");

        var then = await TimelineAsync(site, between);
        var now = await TimelineAsync(site, TimeProvider.System.GetUtcNow().AddSeconds(1));

        Assert.Equal([deployment], pointed.Moved);
        Assert.Equal((first.Id, deployment), (Assert.Single(then).ModelId, then[0].DeploymentId));
        Assert.Equal((second.Id, null), (Assert.Single(now).ModelId, now[0].LiveUntil));
        Assert.Equal(now[0].LiveFrom, then[0].LiveUntil);
        Assert.Equal(2, then[0].Approvals.Length);
        Assert.All(then[0].Approvals, approval => Assert.Equal("Looks good", approval.Comment));
        Assert.All(then[0].Approvals, approval => Assert.StartsWith("service-", approval.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Alias_of_a_site_goes_before_the_fleets_and_its_removal_gives_way_to_it()
    {
        var first = await ApprovedAsync();
        var second = await ApprovedAsync();
        var site = await Silo.CreateSiteAsync("Own alias");
        await PointAsync(first.Id, "champion");
        var deployment = await DeployAliasAsync("champion", site);
        var onSite = new Uri($"/api/admin/sites/{site}/model-aliases/champion", UriKind.Relative);

        await (await Silo.Administrator.PutAsJsonAsync(onSite, new { model_id = second.Id })).Read<PointedAlias>();
        Assert.Equal(second.Id, await ModelOfAsync(deployment));

        (await Silo.Administrator.DeleteAsync(new Uri($"{onSite}/{second.Id}", UriKind.Relative))).EnsureSuccessStatusCode();
        Assert.Equal(first.Id, await ModelOfAsync(deployment));
    }

    [Fact]
    public async Task Version_that_is_not_approved_does_not_get_a_followed_alias()
    {
        var good = await ApprovedAsync();
        await PointAsync(good.Id, "champion");
        await DeployAliasAsync("champion", await Silo.CreateSiteAsync("Followed"));

        var answer = await Silo.Administrator.PutAsync(Alias((await UploadAsync()).Id, "champion"), null);

        await answer.ReadProblem(HttpStatusCode.Conflict, "model_id");
    }

    [Fact]
    public async Task Archive_refuses_while_live_and_says_where_and_delete_is_for_what_never_was()
    {
        var model = await ApprovedAsync();
        var site = await Silo.CreateSiteAsync("Live");
        var deployment = (await (await DeployAsync(model.Id, site)).Read<JsonObject>(HttpStatusCode.Created))["id"]!.GetValue<Guid>();

        var deprecated = await (await StepAsync(Silo.Administrator, model.Id, "deprecate", "Version 2 is better")).Read<StoredModel>();
        var refused = await (await StepAsync(Silo.Administrator, model.Id, "archive")).ReadProblem(HttpStatusCode.Conflict, "status");
        (await Silo.Administrator.DeleteAsync(new Uri($"/api/admin/deployments/{deployment}", UriKind.Relative))).EnsureSuccessStatusCode();
        var archived = await (await StepAsync(Silo.Administrator, model.Id, "archive")).Read<StoredModel>();
        var listed = await ListAsync($"name={Uri.EscapeDataString(Name)}");
        var all = await ListAsync($"name={Uri.EscapeDataString(Name)}&include_archived=true");

        Assert.Contains("Live", Assert.Single(deprecated.Warnings), StringComparison.Ordinal);
        Assert.Contains("Live", (string)refused["detail"]!, StringComparison.Ordinal);
        Assert.Equal(ModelStatus.Archived, archived.Model.Status);
        Assert.Equal((0, 1), (listed.Items.Count, all.Items.Count));
        await (await SendAsync(HttpMethod.Delete, model.Id, "*")).ReadProblem(HttpStatusCode.Conflict, field: null);
        var never = await UploadAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, never.Id, "*")).StatusCode);
        await (await Silo.Administrator.Get($"/api/admin/ai-models/{never.Id}")).ReadProblem(HttpStatusCode.NotFound, field: null);
    }

    [Fact]
    public async Task Of_fifty_writers_one_wins_each_round_and_the_others_get_both_versions()
    {
        var model = await UploadAsync();
        for (var round = 0; round < 3; round++)
        {
            var tag = await TagOfAsync(model.Id);
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(
                writer => SendAsync(HttpMethod.Put, model.Id, tag, new { description = $"round {round} writer {writer}" })));

            var winner = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
            var won = await winner.Read<AiModel>();
            foreach (var lost in answers.Except([winner]))
            {
                var problem = await lost.ReadProblem(HttpStatusCode.Conflict, field: null);
                Assert.Equal(won.Description, (string?)problem["current"]!["description"]);
                Assert.Equal(tag.Trim('"'), (string?)problem["your_versions"]![0]);
                Assert.NotEqual(tag.Trim('"'), (string?)problem["current_version"]);
            }
        }
    }

    [Fact]
    public async Task Change_without_the_version_it_is_meant_for_is_refused()
    {
        var model = await UploadAsync();

        await (await SendAsync(HttpMethod.Put, model.Id, null, new { description = "x" })).ReadProblem(HttpStatusCode.PreconditionRequired, "If-Match");
        await (await SendAsync(HttpMethod.Delete, model.Id, null)).ReadProblem(HttpStatusCode.PreconditionRequired, "If-Match");
    }

    [Theory]
    [InlineData("""{"status": "approved"}""", "status")]
    [InlineData("""{"approved_by": null}""", "approved_by")]
    [InlineData("""{"model_file_path": "sha256/00"}""", "model_file_path")]
    [InlineData("""{"colour": "blue"}""", "colour")]
    [InlineData("""{"training_images_count": -1}""", "training_images_count")]
    [InlineData("""{"training_images_count": 1e99}""", "training_images_count")]
    [InlineData("""{"baseline_accuracy": "good"}""", "baseline_accuracy")]
    [InlineData("""{"category": "Weather"}""", "category")]
    [InlineData("""{"license_seats": 0}""", "license_seats")]
    [InlineData("""{"export_restrictions": "ask legal"}""", "export_restrictions")]
    [InlineData("""{"description": "a\u0000b"}""", "description")]
    [InlineData("""{"configuration": 7}""", "configuration")]
    [InlineData("""{"configuration": {"input_width": "wide"}}""", "configuration.input_width")]
    public async Task Column_that_is_not_the_users_or_a_value_that_cannot_be_isNamed(string change, string field)
    {
        var model = await UploadAsync();

        var answer = await SendAsync(HttpMethod.Put, model.Id, "*", JsonNode.Parse(change));

        await answer.ReadProblem(HttpStatusCode.BadRequest, field);
    }

    [Fact]
    public async Task Every_column_that_is_the_users_is_written_and_read_back()
    {
        var model = await UploadAsync();
        var change = new JsonObject();
        foreach (var column in ModelColumns.Free)
        {
            change[column] = ValueOf(column);
        }

        var changed = await (await SendAsync(HttpMethod.Put, model.Id, "*", change)).Read<JsonObject>();

        foreach (var (column, value) in change)
        {
            var isSame = JsonNode.DeepEquals(value, changed[column]) || $"{value}" == $"{changed[column]}" || IsSameTime(value, changed[column]);
            Assert.True(isSame, $"{column}: {value} became {changed[column]}");
        }
    }

    [Fact]
    public async Task Configuration_that_changes_is_a_new_revision_with_its_author()
    {
        var model = await UploadAsync();

        var changed = await (await SendAsync(
            HttpMethod.Put, model.Id, "*", new { configuration = new { decoder = "yolov8", confidence_threshold = 0.7 } })).Read<AiModel>();
        var same = await (await SendAsync(
            HttpMethod.Put, model.Id, "*", new { configuration = new { decoder = "yolov8", confidence_threshold = 0.7 } })).Read<AiModel>();

        Assert.Equal((2, 2), (changed.ConfigurationRevision, same.ConfigurationRevision));
        Assert.Equal(changed.UpdatedAt, same.UpdatedAt);
        Assert.Equal("yolov8", changed.Configuration?.To<ModelConfiguration>()?.Decoder);
    }

    private static bool IsSameTime(JsonNode? left, JsonNode? right) =>
        DateTimeOffset.TryParse($"{left}", out var one) && DateTimeOffset.TryParse($"{right}", out var other) && one == other;

    private static JsonNode ValueOf(string column) => column switch
    {
        "training_dataset_info" or "compliance_certifications" or "regulatory_approvals" or "dependency_requirements" => new JsonObject { ["a"] = 1 },
        "recommended_gpu_models" => new JsonArray("H200"),
        "export_restrictions" => "not: KP",
        _ when column.EndsWith("_date", StringComparison.Ordinal) || column.EndsWith("_at", StringComparison.Ordinal) => "2027-01-02T03:04:05Z",
        "documentation_url" => "https://example.org/model",
        "batch_size_optimal" => 2,
        "confidence_threshold_default" => 0.55,
        _ when typeof(AiModel).GetProperties().Single(property => Problem.SnakeCase(property.Name) == column) is var property
            && property.PropertyType == typeof(string) => "text",
        _ => 12,
    };
}
