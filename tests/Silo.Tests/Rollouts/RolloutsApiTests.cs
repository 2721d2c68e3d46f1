using System.Net;
using System.Text.Json.Nodes;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Silo.Tests.Models;

namespace OrleansAiFleet.Silo.Tests.Rollouts;

/// <summary>Rollouts over HTTP, with real grains and rows; no worker is up, so that no camera is ever served.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class RolloutsApiTests(ControlSilo silo) : RegistryRequests(silo)
{
    private static readonly object[] Steps = [new { kind = "set_weight", weight = 20 }, new { kind = "pause", duration_seconds = 60 }];

    [Fact]
    public async Task Rollout_is_begun_shown_listed_and_rolled_back_with_its_reason()
    {
        var (stable, rollout) = await BeginAsync();

        Assert.Equal((stable, RolloutPhase.Pending), (rollout.StableDeploymentId, rollout.Progress.Phase));
        Assert.Equal([RolloutStepKind.SetWeight, RolloutStepKind.Pause], rollout.Steps.Select(step => step.Kind));
        Assert.Equal(rollout.Id, (await ReadAsync(rollout.Id)).Id);
        var listed = await (await Silo.Administrator.Get($"/api/admin/rollouts?deployment_id={stable}")).Read<Page<Rollout>>();
        Assert.Equal([rollout.Id], listed.Items.Select(item => item.Id));
        var candidate = await (await Silo.Administrator.Get($"/api/admin/deployments/{rollout.Id}")).Read<Deployment>();
        Assert.Equal((DeploymentType.Canary, stable), (candidate.DeploymentType, candidate.PreviousDeploymentId));

        await (await TellAsync(rollout.Id, "roll-back", "Too many false alarms.")).Read<Rollout>();

        // Without a camera there is none to wait for.
        var end = await SettledAsync(rollout.Id);
        Assert.Equal((RolloutPhase.RolledBack, "Too many false alarms."), (end.Progress.Phase, end.Progress.Reason));
        Assert.Contains(end.Decisions, decision => decision.Command == RolloutCommand.RollBack && decision.By is not null);
        var problem = await (await TellAsync(rollout.Id, "promote")).Read<JsonObject>(HttpStatusCode.Conflict);
        Assert.Contains("RolledBack", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deployment_in_a_rollout_is_ended_by_the_rollout_alone()
    {
        var (stable, rollout) = await BeginAsync(startsAt: TimeProvider.System.GetUtcNow().AddYears(1));

        foreach (var deployment in new[] { stable, rollout.Id })
        {
            var refused = await Silo.Administrator.DeleteAsync(new Uri($"/api/admin/deployments/{deployment}", UriKind.Relative));
            var problem = await refused.Read<JsonObject>(HttpStatusCode.Conflict);
            Assert.Contains($"{rollout.Id:D}", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        var frozen = await (await TellAsync(rollout.Id, "freeze", "Not today.")).Read<Rollout>();
        Assert.Equal((RolloutHold.Frozen, "Not today."), (frozen.Progress.Hold, frozen.Progress.Reason));
        await (await TellAsync(rollout.Id, "roll-back")).Read<Rollout>();
        await SettledAsync(rollout.Id);
        var ended = await Silo.Administrator.DeleteAsync(new Uri($"/api/admin/deployments/{stable}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
    }

    [Theory]
    [InlineData("""{"steps": [{"kind": "set_weight", "weight": 20}]}""", "model_id")]
    [InlineData("""{"model_id": "MODEL", "steps": []}""", "steps")]
    [InlineData("""{"model_id": "MODEL", "steps": [{"kind": "set_weight", "weight": 101}]}""", "steps[0].weight")]
    [InlineData("""{"model_id": "MODEL", "steps": [{"kind": "pause", "duration_seconds": 0}]}""", "steps[0].duration_seconds")]
    [InlineData("""{"model_id": "MODEL", "steps": [{"kind": "analysis"}]}""", "steps[0].metrics")]
    [InlineData("""{"model_id": "MODEL", "steps": [{"kind": "shadow", "weight": 101}]}""", "steps[0].weight")]
    [InlineData(
        """{"model_id": "MODEL", "steps": [{"kind": "analysis", "metrics": [{"name": "slow", "failure_condition": "result >"}]}]}""",
        "steps[0].metrics[0].failure_condition")]
    [InlineData(
        """{"model_id": "MODEL", "steps": [{"kind": "set_weight"}], "analysis": [{"name": "slow", "failure_condition": "lower > 1"}]}""",
        "analysis[0].failure_condition")]
    [InlineData("""{"model_id": "MODEL", "progress_deadline_seconds": 1, "steps": [{"kind": "set_weight", "weight": 1}]}""", "progress_deadline_seconds")]
    [InlineData("""{"model_id": "MODEL", "steps": null}""", "steps")]
    [InlineData("""{"model_id": "MODEL", "steps": [null]}""", "steps[0]")]
    [InlineData("""{"model_id": "MODEL", "steps": [{"kind": "analysis", "metrics": null}]}""", "steps[0]")]
    [InlineData("""{"model_id": "MODEL", "steps": [{"kind": "analysis", "metrics": [null]}]}""", "steps[0].metrics[0]")]
    [InlineData("""{"model_id": "MODEL", "steps": [{"kind": "set_weight"}], "analysis": null}""", "analysis")]
    [InlineData("""{"model_id": "MODEL", "steps": [{"kind": "set_weight"}], "analysis": [{"name": "slow", "min_samples": null}]}""", "analysis[0].min_samples")]
    [InlineData("""{"model_id": "MODEL", "steps": [{"kind": "set_weight"}], "analysis": [{"name": null}]}""", "analysis[0].name")]
    public async Task Wish_that_cannot_be_fulfilled_is_refused_with_its_field(string body, string field)
    {
        var (stable, next) = await DeployedAsync();

        var answer = await Silo.Administrator.Post(
            $"/api/admin/deployments/{stable}/rollouts", JsonNode.Parse(body.Replace("MODEL", $"{next}", StringComparison.Ordinal))!);

        var problem = await answer.Read<JsonObject>(HttpStatusCode.BadRequest);
        Assert.Contains($"\"{field}\"", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_to_be_measured_is_kept_as_it_was_given()
    {
        var (stable, next) = await DeployedAsync();
        object[] metrics =
        [
            new
            {
                name = "detections", measure = "detections_per_camera_hour", compare = "difference", interval_seconds = 300, count = 12,
                failure_condition = "upper < -0.2 * baseline", on_no_data = "error", min_samples = new { frames = 100 },
            },
        ];
        object[] steps = [new { kind = "shadow", weight = 50 }, new { kind = "analysis", metrics }];

        var begun = await Silo.Administrator.Post(
            $"/api/admin/deployments/{stable}/rollouts",
            new { model_id = next, steps, analysis = metrics, starts_at = TimeProvider.System.GetUtcNow().AddHours(1) });

        var rollout = await ReadAsync((await begun.Read<Rollout>(HttpStatusCode.Created)).Id);
        Assert.Equal((50, 1, 1, 6), (rollout.Steps[0].Weight, rollout.Steps[1].Metrics.Length, rollout.Analysis.Length, rollout.SlotSeconds));
        Assert.Equal((NoDataPolicy.Error, 100), (rollout.Analysis[0].OnNoData, rollout.Analysis[0].MinSamples.Frames));
    }

    [Fact]
    public async Task Deployment_goes_back_to_what_was_there_before()
    {
        var (stable, rollout) = await BeginAsync();
        var within = await (await RollBackAsync(stable, new { reason = "Blind at dusk." })).Read<Rollout>(HttpStatusCode.Accepted);
        Assert.Equal((rollout.Id, RolloutPhase.RollingBack, "Blind at dusk."), (within.Id, within.Progress.Phase, within.Progress.Reason));
        await SettledAsync(rollout.Id);

        var (other, second) = await BeginAsync();
        await (await TellAsync(second.Id, "promote")).Read<Rollout>();
        await (await TellAsync(second.Id, "skip")).Read<Rollout>();
        await SettledAsync(second.Id);
        var before = await (await Silo.Administrator.Get($"/api/admin/deployments/{other}")).Read<Deployment>();
        var back = await (await RollBackAsync(second.Id, new { emergency = true, reason = "It misses helmets." })).Read<Rollout>(HttpStatusCode.Accepted);

        Assert.Equal((second.Id, before.ModelId, true, 0), (back.StableDeploymentId, back.CandidateModelId, back.IsRollback, back.SlotSeconds));
        Assert.Equal((RolloutPhase.Promoting, 100, "It misses helmets."), (back.Progress.Phase, back.Progress.Weight, back.Progress.Reason));
    }

    [Fact]
    public async Task Where_nothing_was_before_the_version_has_to_be_named()
    {
        var (stable, next) = await DeployedAsync();

        var problem = await (await RollBackAsync(stable, new { })).Read<JsonObject>(HttpStatusCode.Conflict);
        Assert.Contains("\"model_id\"", problem.ToJsonString(), StringComparison.Ordinal);

        var id = Guid.NewGuid();
        var named = await (await RollBackAsync(stable, new { id, model_id = next })).Read<Rollout>(HttpStatusCode.Accepted);
        var again = await (await RollBackAsync(stable, new { id, model_id = next })).Read<Rollout>(HttpStatusCode.Accepted);
        Assert.Equal((id, id, next), (named.Id, again.Id, again.CandidateModelId));
        var elsewhere = await (await RollBackAsync(stable, new { model_id = next })).Read<JsonObject>(HttpStatusCode.Conflict);
        Assert.Contains($"{id:D}", elsewhere["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> RollBackAsync(Guid deployment, object body) =>
        Silo.Administrator.Post($"/api/admin/deployments/{deployment}/rollback", body);

    private async Task<(Guid Stable, Guid Next)> DeployedAsync()
    {
        var (first, second) = (await ApprovedAsync(), await ApprovedAsync());
        var site = await Silo.CreateSiteAsync("Rolled out");
        var deployed = await (await DeployAsync(first.Id, site)).Read<Deployment>(HttpStatusCode.Created);
        return (deployed.Id, second.Id);
    }

    private async Task<(Guid Stable, Rollout Rollout)> BeginAsync(DateTimeOffset? startsAt = null)
    {
        var (stable, next) = await DeployedAsync();
        var begun = await Silo.Administrator.Post(
            $"/api/admin/deployments/{stable}/rollouts", new { model_id = next, steps = Steps, starts_at = startsAt ?? TimeProvider.System.GetUtcNow().AddHours(1) });
        return (stable, await begun.Read<Rollout>(HttpStatusCode.Created));
    }

    private async Task<Rollout> ReadAsync(Guid rollout) => await (await Silo.Administrator.Get($"/api/admin/rollouts/{rollout}")).Read<Rollout>();

    private Task<HttpResponseMessage> TellAsync(Guid rollout, string command, string? reason = null) =>
        Silo.Administrator.Post($"/api/admin/rollouts/{rollout}/{command}", new { reason });

    private async Task<Rollout> SettledAsync(Guid rollout)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (await ReadAsync(rollout) is { IsSettled: true } settled)
            {
                return settled;
            }

            await Task.Delay(100, deadline.Token);
        }
    }
}
