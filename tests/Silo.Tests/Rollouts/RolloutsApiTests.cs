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
    [InlineData("""{"model_id": "MODEL", "steps": [{"kind": "analysis"}]}""", "steps[0].kind")]
    [InlineData("""{"model_id": "MODEL", "progress_deadline_seconds": 1, "steps": [{"kind": "set_weight", "weight": 1}]}""", "progress_deadline_seconds")]
    public async Task Wish_that_cannot_be_fulfilled_is_refused_with_its_field(string body, string field)
    {
        var (stable, next) = await DeployedAsync();

        var answer = await Silo.Administrator.Post(
            $"/api/admin/deployments/{stable}/rollouts", JsonNode.Parse(body.Replace("MODEL", $"{next}", StringComparison.Ordinal))!);

        var problem = await answer.Read<JsonObject>(HttpStatusCode.BadRequest);
        Assert.Contains($"\"{field}\"", problem.ToJsonString(), StringComparison.Ordinal);
    }

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
