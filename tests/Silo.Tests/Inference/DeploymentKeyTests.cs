using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

using OrleansAiFleet.Access;
using OrleansAiFleet.Silo.Deployments;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Tests.Inference;

/// <summary>A deployment's own key on a control silo as it runs: what it opens, and all that it does not.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class DeploymentKeyTests(ControlSilo silo)
{
    [Fact]
    public async Task Key_opens_its_deployments_inference_until_another_takes_its_place()
    {
        var deployment = await DeployAsync();
        var first = await MakeKeyAsync(deployment);
        Assert.StartsWith(DeploymentKeySecret.Mark, first.Secret, StringComparison.Ordinal);
        Assert.StartsWith(first.Prefix, first.Secret, StringComparison.Ordinal);

        // There is no worker: what stands behind the door is that.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(deployment, first.Secret));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(deployment, first.Secret, asBearer: true));
        var second = await MakeKeyAsync(deployment);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(deployment, first.Secret));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(deployment, second.Secret));

        await silo.Administrator.DeleteAsync(new Uri($"/api/admin/deployments/{deployment}/api-key", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(deployment, second.Secret));
    }

    [Fact]
    public async Task Key_opens_nothing_else()
    {
        var (deployment, other) = (await DeployAsync(), await DeployAsync());
        var key = await MakeKeyAsync(deployment);
        await MakeKeyAsync(other);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(other, key.Secret));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Guid.NewGuid(), key.Secret));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(deployment, DeploymentKeySecret.Create()));

        using var http = silo.Anonymous();
        http.DefaultRequestHeaders.Add("X-Api-Key", key.Secret);
        foreach (var row in EndpointTable.Rows.Where(row => row.Action is not null && !row.Pattern.StartsWith("/api/inference", StringComparison.Ordinal)))
        {
            var path = System.Text.RegularExpressions.Regex.Replace(row.Pattern, @"\{[a-z]+:guid\}", $"{deployment}")
                .Replace("{letter:long}", "1", StringComparison.Ordinal);
            using var request = new HttpRequestMessage(new(row.Method), new Uri(path, UriKind.Relative));
            using var answer = await http.SendAsync(request);
            Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized, $"{row}: {(int)answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Key_is_in_no_answer_but_its_own_and_kept_as_a_hash()
    {
        var deployment = await DeployAsync();
        var key = await MakeKeyAsync(deployment);
        await SendAsync(deployment, key.Secret);

        var one = await silo.Administrator.GetStringAsync(new Uri($"/api/admin/deployments/{deployment}", UriKind.Relative));
        var list = await silo.Administrator.GetStringAsync(new Uri("/api/admin/deployments?limit=200", UriKind.Relative));
        var audit = await silo.Administrator.GetStringAsync(new Uri($"/api/admin/audit?target_id={deployment}", UriKind.Relative));

        Assert.Null((string?)JsonNode.Parse(one)!["api_key"]);
        Assert.Contains("deployments.rotate_api_key", audit, StringComparison.Ordinal);
        var hash = Convert.ToHexStringLower(ApiKeySecret.Hash(key.Secret));
        Assert.All([one, list, audit], text => Assert.False(
            text.Contains(key.Secret, StringComparison.Ordinal) || text.Contains(hash, StringComparison.OrdinalIgnoreCase), text));
        Assert.DoesNotContain(key.Secret, key.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Access_is_set_and_refused_by_user()
    {
        var deployment = await DeployAsync();
        var (owner, key) = await silo.KeyAsync([new(AccessRole.Integration)]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(deployment, key.Answer.Secret));

        await SetAsync(deployment, [Guid.NewGuid()]);
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(deployment, key.Answer.Secret));
        await SetAsync(deployment, [owner]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(deployment, key.Answer.Secret));

        var invalid = await silo.Administrator.Put($"/api/admin/deployments/{deployment}/api-access", new { rate_limit_requests_per_minute = 0 });
        await invalid.ReadProblem(HttpStatusCode.BadRequest, "rate_limit_requests_per_minute");
        var refusals = await silo.Administrator.GetStringAsync(new Uri($"/api/admin/audit?target_id={deployment}&outcome=refused", UriKind.Relative));
        Assert.Contains("authorized_users", refusals, StringComparison.Ordinal);
    }

    private async Task SetAsync(Guid deployment, Guid[] users) => await (await silo.Administrator.Put(
        $"/api/admin/deployments/{deployment}/api-access", new { api_access_enabled = true, authorized_users = users })).Read<JsonObject>();

    private async Task<Guid> DeployAsync() => await silo.CreateAsync("/api/admin/deployments", new
    {
        site_id = await silo.CreateSiteAsync("Keys"),
        model_id = silo.Model,
        deployment_name = "Keys",
        deployment_type = "testing",
        api_access_enabled = true,
    });

    private async Task<Key> MakeKeyAsync(Guid deployment) =>
        await (await silo.Administrator.Post($"/api/admin/deployments/{deployment}/api-key", new { })).Read<Key>(HttpStatusCode.Created);

    private async Task<HttpStatusCode> SendAsync(Guid deployment, string key, bool asBearer = false)
    {
        using var http = silo.Anonymous();
        if (asBearer)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
        else
        {
            http.DefaultRequestHeaders.Add("X-Api-Key", key);
        }

        using var body = new ByteArrayContent([0xFF, 0xD8, 0xFF]);
        body.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var answer = await http.PostAsync(new Uri($"/api/inference/{deployment}", UriKind.Relative), body);
        return answer.StatusCode;
    }

    private sealed record Key(Guid DeploymentId, string Prefix, string Secret)
    {
        public override string ToString() => new CreatedDeploymentKey { DeploymentId = DeploymentId, Prefix = Prefix, Secret = Secret }.ToString();
    }
}
