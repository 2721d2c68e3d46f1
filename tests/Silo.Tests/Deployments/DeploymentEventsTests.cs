using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Silo.Tests.Models;

namespace OrleansAiFleet.Silo.Tests.Deployments;

/// <summary>Live status over HTTP, with real grains and rows.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class DeploymentEventsTests(ControlSilo silo) : RegistryRequests(silo)
{
    [Fact]
    public async Task Deployments_health_comes_at_once_and_again_when_it_changes()
    {
        var model = await ApprovedAsync();
        var site = await Silo.CreateSiteAsync("Live");
        var deployment = await (await DeployAsync(model.Id, site)).Read<Deployment>(HttpStatusCode.Created);
        await using var events = await FollowAsync($"/api/admin/deployments/{deployment.Id}/events");

        var first = await events.NextAsync();
        await Silo.Administrator.Post($"/api/admin/sites/{site}/maintenance-mode", new { enabled = true, reason = "New switches." });
        var second = await events.NextAsync();

        Assert.Equal(("health", "degraded"), (first.Name, first.Data["status"]!.ToString()));
        Assert.Equal("It has no camera to look at.", Assert.Single(first.Data["reasons"]!.AsArray())!.ToString());
        Assert.Equal("healthy", second.Data["status"]!.ToString());
        Assert.Equal("Maintenance: New switches.", Assert.Single(second.Data["reasons"]!.AsArray())!.ToString());
    }

    [Fact]
    public async Task Sites_health_says_where_maintenance_is_going_on_and_until_when()
    {
        var site = await Silo.CreateSiteAsync("Worked on");
        await using var events = await FollowAsync($"/api/admin/sites/{site}/events");
        await events.NextAsync();

        var year = TimeProvider.System.GetUtcNow().Year + 1;
        await Silo.Administrator.Post(
            $"/api/admin/sites/{site}/maintenance-mode", new { enabled = true, reason = "New switches.", ends_at = $"{year}-07-01T07:00" });
        var worked = await events.NextAsync();
        var listed = await (await Silo.Administrator.Get("/api/admin/ai-models/maintenance-mode")).Read<JsonArray>();
        await Silo.Administrator.Post($"/api/admin/sites/{site}/maintenance-mode", new { enabled = false });
        var over = await events.NextAsync();

        Assert.Equal($"{year}-07-01T05:00:00+00:00", worked.Data["maintenance"]!["ends_at"]!.ToString());
        Assert.Contains(listed, mode => mode!["id"]!.ToString() == site.ToString() && mode["reason"]!.ToString() == "New switches.");
        Assert.Null(over.Data["maintenance"]);
        var refused = await Silo.Administrator.Post($"/api/admin/sites/{site}/maintenance-mode", new { enabled = true });
        Assert.Equal("reason", (await refused.Read<JsonObject>(HttpStatusCode.BadRequest))["field"]!.ToString());
    }

    [Fact]
    public async Task Rollout_is_followed_to_its_end()
    {
        var model = await ApprovedAsync();
        var deployment = await (await DeployAsync(model.Id, await Silo.CreateSiteAsync("Followed"))).Read<Deployment>(HttpStatusCode.Created);
        var next = await ApprovedAsync();
        var rollout = Guid.NewGuid();
        await Silo.Administrator.Post(
            $"/api/admin/deployments/{deployment.Id}/rollouts",
            new { id = rollout, model_id = next.Id, starts_at = TimeProvider.System.GetUtcNow().AddHours(1), steps = new[] { new { kind = "pause" } } });
        await using var events = await FollowAsync($"/api/admin/rollouts/{rollout}/events");

        var planned = await events.NextAsync();
        await Silo.Administrator.Post($"/api/admin/rollouts/{rollout}/roll-back", new { reason = "Enough." });
        var rest = await events.RestAsync();

        Assert.Equal("pending", planned.Data["progress"]!["phase"]!.ToString());
        Assert.True((bool)rest[^1].Data["is_settled"]!);
        Assert.Equal(("rolled_back", "Enough."), (rest[^1].Data["progress"]!["phase"]!.ToString(), rest[^1].Data["progress"]!["reason"]!.ToString()));
    }

    [Fact]
    public async Task What_is_not_there_is_not_followed() =>
        await (await Silo.Administrator.Get($"/api/admin/rollouts/{Guid.NewGuid()}/events")).Read<JsonObject>(HttpStatusCode.NotFound);

    private async Task<Following> FollowAsync(string path)
    {
        var answer = await Silo.Administrator.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(("text/event-stream", HttpStatusCode.OK), (answer.Content.Headers.ContentType?.MediaType, answer.StatusCode));
        return new(answer, SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator());
    }

    private sealed class Following(HttpResponseMessage answer, IAsyncEnumerator<SseItem<string>> events) : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        public async Task<(string Name, JsonNode Data)> NextAsync()
        {
            while (await events.MoveNextAsync().AsTask().WaitAsync(Patience))
            {
                if (events.Current.EventType != "heartbeat")
                {
                    return (events.Current.EventType, JsonNode.Parse(events.Current.Data)!);
                }
            }

            throw new InvalidOperationException("The stream ended.");
        }

        public async Task<List<(string Name, JsonNode Data)>> RestAsync()
        {
            List<(string, JsonNode)> rest = [];
            while (await events.MoveNextAsync().AsTask().WaitAsync(Patience))
            {
                rest.Add((events.Current.EventType, JsonNode.Parse(events.Current.Data)!));
            }

            return rest;
        }

        public async ValueTask DisposeAsync()
        {
            answer.Dispose();
            try
            {
                await events.DisposeAsync();
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // It was cut off in the middle, as a page does that is closed.
            }
        }
    }
}
