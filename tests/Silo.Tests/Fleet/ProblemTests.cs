using System.Net;
using System.Text;

using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Silo.Tests.Fleet;

[Collection(ApiTests.Name)]
public sealed class ProblemTests(ApiFixture api)
{
    [Theory]
    [InlineData("invalid", 400, "time_zone", false)]
    [InlineData("not found", 404, "site_id", false)]
    [InlineData("conflict", 409, "name", false)]
    [InlineData("unavailable", 503, null, true)]
    [InlineData("timeout", 503, null, true)]
    [InlineData("crash", 500, null, false)]
    public async Task Every_kind_of_failure_is_a_problem_of_its_own_status(string name, int status, string? field, bool retry)
    {
        var answer = await api.Http.Post("/api/admin/sites", new { name });

        await answer.ReadProblem((HttpStatusCode)status, field);
        Assert.Equal(retry, answer.Headers.RetryAfter is not null);
    }

    [Fact]
    public async Task Database_that_is_away_is_worth_another_try()
    {
        var answer = await api.Http.Get("/api/admin/sites?cursor=database%20is%20away");

        await answer.ReadProblem(HttpStatusCode.ServiceUnavailable, field: null);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task Body_that_is_no_json_is_refused()
    {
        using var body = new StringContent("{ no json", Encoding.UTF8, "application/json");

        var answer = await api.Http.PostAsync(new Uri("/api/admin/sites", UriKind.Relative), body);

        await answer.ReadProblem(HttpStatusCode.BadRequest, field: null);
    }

    [Fact]
    public async Task Value_that_cannot_be_read_names_its_field()
    {
        var answer = await api.Http.Post("/api/admin/cameras", new { site_id = "no id", name = "Gate", source_url = "/a.mp4" });

        await answer.ReadProblem(HttpStatusCode.BadRequest, "site_id");
    }

    [Fact]
    public async Task Parameter_that_cannot_be_read_names_its_field()
    {
        var answer = await api.Http.Get($"/api/admin/deployments?site_id=no-id");

        await answer.ReadProblem(HttpStatusCode.BadRequest, "site_id");
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        using var body = new StringContent("name=Gate", Encoding.UTF8, "text/plain");

        var answer = await api.Http.PostAsync(new Uri("/api/admin/sites", UriKind.Relative), body);

        await answer.ReadProblem(HttpStatusCode.UnsupportedMediaType, field: null);
    }

    [Fact]
    public async Task Address_that_does_not_exist_is_a_problem_too()
    {
        var answer = await api.Http.Get("/api/admin/nothing");

        await answer.ReadProblem(HttpStatusCode.NotFound, field: null);
    }

    [Fact]
    public async Task Body_above_the_limit_is_too_large()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/admin/sites");
        request.Content = new StringContent(new string(' ', 2 << 20), Encoding.UTF8, "application/json");

        // The client waits for a word before it sends: an answer that comes while it sends is lost at times.
        request.Headers.ExpectContinue = true;

        var answer = await api.Http.SendAsync(request);

        await answer.ReadProblem(HttpStatusCode.RequestEntityTooLarge, field: null);
    }

    [Fact]
    public async Task Repeated_creation_with_an_id_answers_the_same_row()
    {
        var request = new { id = Guid.NewGuid(), name = "Harbour", time_zone = "Europe/Berlin" };

        var first = await (await api.Http.Post("/api/admin/sites", request)).Read<Site>(HttpStatusCode.Created);
        var second = await api.Http.Post("/api/admin/sites", request);

        Assert.Equal(first.Id, (await second.Read<Site>(HttpStatusCode.Created)).Id);
        Assert.Equal($"/api/admin/sites/{request.id}", second.Headers.Location?.ToString());
    }
}
