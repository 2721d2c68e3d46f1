using System.Net;
using System.Text.Json.Nodes;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Silo.Tests.Models;

namespace OrleansAiFleet.Silo.Tests.Rollouts.Experiments;

/// <summary>Experiments over HTTP, with real grains and rows; no worker is up, so that no camera is ever served.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class ExperimentsApiTests(ControlSilo silo) : RegistryRequests(silo)
{
    private static readonly object[] Metrics =
        [new { measure = "mean_confidence", minimum_effect = 0.02 }, new { measure = "latency_p95", minimum_effect = 10 }];

    [Fact]
    public async Task Experiment_is_begun_shown_listed_and_stopped_with_its_reason()
    {
        var (stable, next) = await DeployedAsync();
        var id = Guid.NewGuid();
        var wish = new { id, name = "Night", model_id = next, weight = 20, metrics = Metrics, on_verdict = "promote_winner", alpha = 0.01 };

        var begun = await (await StartAsync(stable, wish)).Read<Experiment>(HttpStatusCode.Created);
        var again = await (await StartAsync(stable, wish)).Read<Experiment>(HttpStatusCode.Created);

        Assert.Equal((id, stable, next, id), (begun.Id, begun.DeploymentId, begun.ModelId, again.Id));
        Assert.Equal((ExperimentConsequence.PromoteWinner, 0.01, 60), (begun.Plan.OnVerdict, begun.Plan.Alpha, begun.Plan.SlotSeconds));
        var shown = await (await Silo.Administrator.Get($"/api/admin/experiments/{id}")).Read<JsonObject>();
        Assert.Equal("Nothing is said before 100 slots of 60 seconds; there are 0.", (string?)shown["standing"]!["sentence"]);
        Assert.Equal("mean_confidence", (string?)shown["standing"]!["results"]![0]!["measure"]);
        var rollout = await (await Silo.Administrator.Get($"/api/admin/rollouts/{id}")).Read<Rollout>();
        Assert.Equal((stable, false, 60), (rollout.StableDeploymentId, rollout.PromotesItself, rollout.CompareSlotSeconds));
        var listed = await (await Silo.Administrator.Get($"/api/admin/experiments?deployment_id={stable}&is_settled=false")).Read<Page<Experiment>>();
        Assert.Equal([id], listed.Items.Select(item => item.Id));

        var stopped = await (await Silo.Administrator.Post($"/api/admin/experiments/{id}/stop", new { reason = "Rain." })).Read<Experiment>();

        Assert.Equal((ExperimentPhase.Stopped, "Rain.", true), (stopped.Progress.Phase, stopped.Progress.Reason, stopped.IsSettled));
        Assert.NotNull(stopped.Progress.StoppedBy);
        var back = await (await Silo.Administrator.Get($"/api/admin/rollouts/{id}")).Read<Rollout>();
        Assert.Contains(back.Progress.Phase, new[] { RolloutPhase.RollingBack, RolloutPhase.RolledBack });
        var twice = await Silo.Administrator.Post($"/api/admin/experiments/{id}/stop", new { });
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        var trail = await (await Silo.Administrator.Get($"/api/admin/audit?target_type=experiments&target_id={id}")).Read<JsonObject>();
        Assert.Contains("experiments.stop", trail["items"]!.AsArray().Select(entry => (string)entry!["action"]!));
    }

    [Theory]
    [InlineData("""{"name": "x", "model_id": "MODEL", "metrics": METRICS}""", "weight")]
    [InlineData("""{"name": "x", "model_id": "MODEL", "weight": 100, "metrics": METRICS}""", "weight")]
    [InlineData("""{"name": "x", "model_id": "MODEL", "weight": 0, "metrics": METRICS}""", "weight")]
    [InlineData("""{"name": "x", "weight": 10, "metrics": METRICS}""", "model_id")]
    [InlineData("""{"model_id": "MODEL", "weight": 10, "metrics": METRICS}""", "name")]
    [InlineData("""{"name": "x", "model_id": "MODEL", "weight": 10, "metrics": []}""", "metrics")]
    [InlineData("""{"name": "x", "model_id": "MODEL", "weight": 10, "metrics": [{"measure": "error_rate"}]}""", "metrics[0].minimum_effect")]
    [InlineData(
        """{"name": "x", "model_id": "MODEL", "weight": 10, "metrics": [{"measure": "baseline_agreement", "minimum_effect": 1}]}""", "metrics[0].measure")]
    [InlineData("""{"name": "x", "model_id": "MODEL", "weight": 10, "metrics": null}""", "metrics")]
    [InlineData("""{"name": "x", "model_id": "MODEL", "weight": 10, "metrics": [null]}""", "metrics[0]")]
    [InlineData("""{"name": "x", "model_id": "MODEL", "weight": 10, "metrics": METRICS, "analysis": null}""", "analysis")]
    [InlineData("""{"name": "x\u0000", "model_id": "MODEL", "weight": 10, "metrics": METRICS}""", "name")]
    [InlineData("""{"name": "x", "model_id": "MODEL", "weight": 10, "metrics": METRICS, "alpha": 0.5}""", "alpha")]
    [InlineData("""{"name": "x", "model_id": "MODEL", "weight": 10, "metrics": METRICS, "slot_seconds": 1}""", "slot_seconds")]
    [InlineData(
        """{"name": "x", "model_id": "MODEL", "weight": 10, "metrics": METRICS, "analysis": [{"name": "slow", "failure_condition": "lower > 1"}]}""",
        "analysis[0].failure_condition")]
    public async Task Wish_that_cannot_be_fulfilled_is_refused_with_its_field(string body, string field)
    {
        var (stable, next) = await DeployedAsync();

        var answer = await StartAsync(stable, JsonNode.Parse(body
            .Replace("MODEL", $"{next}", StringComparison.Ordinal)
            .Replace("METRICS", """[{"measure": "error_rate", "minimum_effect": 1}]""", StringComparison.Ordinal))!);

        var problem = await answer.Read<JsonObject>(HttpStatusCode.BadRequest);
        Assert.Contains($"\"{field}\"", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty((await (await Silo.Administrator.Get($"/api/admin/experiments?deployment_id={stable}")).Read<Page<Experiment>>()).Items);
    }

    [Fact]
    public async Task What_nobody_began_is_not_found()
    {
        await (await Silo.Administrator.Get($"/api/admin/experiments/{Guid.NewGuid()}")).ReadProblem(HttpStatusCode.NotFound, field: null);
        var (stable, _) = await DeployedAsync();
        await (await Silo.Administrator.Get($"/api/admin/experiments/{stable}")).ReadProblem(HttpStatusCode.NotFound, field: null);
        await (await Silo.Administrator.Post($"/api/admin/experiments/{stable}/stop", new { })).ReadProblem(HttpStatusCode.NotFound, field: null);
    }

    private Task<HttpResponseMessage> StartAsync(Guid stable, object body) =>
        Silo.Administrator.Post($"/api/admin/deployments/{stable}/experiments", body);

    private async Task<(Guid Stable, Guid Next)> DeployedAsync()
    {
        var (first, second) = (await ApprovedAsync(), await ApprovedAsync());
        var site = await Silo.CreateSiteAsync("Compared");
        var deployed = await (await DeployAsync(first.Id, site)).Read<Deployment>(HttpStatusCode.Created);
        return (deployed.Id, second.Id);
    }
}
