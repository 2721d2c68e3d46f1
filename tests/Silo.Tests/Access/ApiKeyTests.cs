using System.Net;
using System.Text.Json.Nodes;

using OrleansAiFleet.Access;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Access;

[Collection(ControlSiloTests.Name)]
public sealed class ApiKeyTests(ControlSilo silo)
{
    [Fact]
    public async Task Key_that_is_used_says_when_and_never_shows_itself_again()
    {
        var (_, key) = await silo.KeyAsync([new(AccessRole.Viewer)]);
        using var http = silo.Anonymous();
        http.DefaultRequestHeaders.Add("X-Api-Key", key.Answer.Secret);

        var text = await (await http.Get("/api/admin/api-keys")).Content.ReadAsStringAsync();

        var listed = JsonNode.Parse(text)!["items"]!.AsArray().Single()!;
        Assert.Equal(key.Row.Id, (Guid)listed["id"]!);
        Assert.Equal(key.Answer.Secret[..12], (string)listed["prefix"]!);
        Assert.NotNull((string?)listed["last_used_at"]);
        Assert.DoesNotContain(key.Answer.Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Answer.SigningSecret!, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotated_key_stays_good_for_the_overlap_and_its_successor_may_the_same()
    {
        var (_, key) = await silo.KeyAsync([new(AccessRole.Viewer)], [AccessAction.UseApi, AccessAction.ReadSites]);
        using var http = silo.Anonymous();
        http.DefaultRequestHeaders.Add("X-Api-Key", key.Answer.Secret);

        var next = await (await http.Post($"/api/admin/api-keys/{key.Row.Id}/rotate", new { overlap_hours = 1 })).Read<JsonObject>(HttpStatusCode.Created);

        using var successor = silo.Anonymous();
        successor.DefaultRequestHeaders.Add("X-Api-Key", (string)next["secret"]!);
        foreach (var each in new[] { http, successor })
        {
            Assert.Equal(HttpStatusCode.OK, (await each.Get("/api/admin/sites")).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await each.Get("/api/admin/ai-models")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Conflict, (await http.Post($"/api/admin/api-keys/{key.Row.Id}/rotate", new { })).StatusCode);
    }

    [Fact]
    public async Task Limited_key_makes_none_that_may_more()
    {
        var site = await silo.CreateSiteAsync("Limited");
        using var http = await silo.ClientAsync([new(AccessRole.Administrator)], [AccessAction.UseApi, AccessAction.ReadSites], [site]);

        using var wider = await http.Post("/api/admin/api-keys", new { name = "wider" });
        using var others = await http.Post("/api/admin/api-keys", new { name = "wider", actions = new[] { "read_sites" } });
        using var same = await http.Post("/api/admin/api-keys", new { name = "same", actions = new[] { "read_sites" }, site_ids = new[] { site } });

        await wider.ReadProblem(HttpStatusCode.BadRequest, "actions");
        await others.ReadProblem(HttpStatusCode.BadRequest, "site_ids");
        Assert.Equal(HttpStatusCode.Created, same.StatusCode);
    }
}
