using System.Net;
using System.Net.Http.Json;

using Npgsql;

using OrleansAiFleet.Access;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Silo.Tests.Fleet;

[Collection(ControlSiloTests.Name)]
public sealed class IdempotencyTests(ControlSilo silo)
{
    private readonly string _key = Guid.NewGuid().ToString();
    private readonly string _name = $"Site {Guid.NewGuid():N}";

    [Fact]
    public async Task Repetition_gets_the_first_answer_and_creates_nothing()
    {
        var first = await PostAsync(silo.Administrator, _key, _name);
        var second = await PostAsync(silo.Administrator, _key, _name);

        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.True(second.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        Assert.Equal((await first.Read<Site>(HttpStatusCode.Created)).Id, (await second.Read<Site>(HttpStatusCode.Created)).Id);
    }

    [Fact]
    public async Task Of_many_at_once_one_is_carried_out()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync(silo.Administrator, _key, _name)));

        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Conflict]));
        var created = answers.Where(answer => answer.StatusCode == HttpStatusCode.Created).ToArray();
        var sites = await Task.WhenAll(created.Select(answer => answer.Read<Site>(HttpStatusCode.Created)));
        Assert.Single(sites.Select(site => site.Id).Distinct());
        Assert.Single(created, answer => !answer.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Key_of_another_request_is_refused()
    {
        await PostAsync(silo.Administrator, _key, _name);

        await (await PostAsync(silo.Administrator, _key, _name + " other")).ReadProblem(HttpStatusCode.Conflict, "Idempotency-Key");
    }

    [Fact]
    public async Task Key_of_somebody_else_is_ones_own()
    {
        using var other = await silo.ClientAsync([new(AccessRole.Administrator)]);

        await (await PostAsync(silo.Administrator, _key, _name)).Read<Site>(HttpStatusCode.Created);
        await (await PostAsync(other, _key, _name + " other")).Read<Site>(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Refusal_is_not_kept()
    {
        await (await PostAsync(silo.Administrator, _key, "")).ReadProblem(HttpStatusCode.BadRequest, "name");

        await (await PostAsync(silo.Administrator, _key, _name)).Read<Site>(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("")]
    public async Task Key_that_is_none_is_refused(string key)
    {
        using var request = Request(key, _name);

        await (await silo.Administrator.SendAsync(request)).ReadProblem(HttpStatusCode.BadRequest, "Idempotency-Key");
    }

    [Fact]
    public async Task Answer_is_kept_encrypted()
    {
        await PostAsync(silo.Administrator, _key, _name);

        await using var database = NpgsqlDataSource.Create(silo.ConnectionString);
        await using var command = database.CreateCommand("SELECT answer FROM idempotent_requests WHERE key = $1");
        command.Parameters.Add(new() { Value = _key });
        var answer = (byte[])(await command.ExecuteScalarAsync())!;
        Assert.NotEmpty(answer);
        Assert.Equal(-1, answer.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(_name)));
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, string key, string name)
    {
        using var request = Request(key, name);
        return await http.SendAsync(request);
    }

    private static HttpRequestMessage Request(string key, string name)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/admin/sites", UriKind.Relative))
        {
            Content = JsonContent.Create(new { name, time_zone = "Europe/Berlin" }),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return request;
    }
}
