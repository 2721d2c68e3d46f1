using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Silo.Tests.Fleet;

/// <summary>Reads answers as the API's contract has them.</summary>
internal static class Answers
{
    public static Task<HttpResponseMessage> Post(this HttpClient http, string path, object body) =>
        http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, FleetJson.Options);

    public static Task<HttpResponseMessage> Put(this HttpClient http, string path, object body) =>
        http.PutAsJsonAsync(new Uri(path, UriKind.Relative), body, FleetJson.Options);

    public static Task<HttpResponseMessage> Get(this HttpClient http, string path) =>
        http.GetAsync(new Uri(path, UriKind.Relative));

    public static async Task<T> Read<T>(this HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {(int)status}: {text}");
        return JsonSerializer.Deserialize<T>(text, FleetJson.Options)!;
    }

    /// <summary>Checks that the answer is a complete problem of this status about this field.</summary>
    public static async Task<JsonObject> ReadProblem(this HttpResponseMessage answer, HttpStatusCode status, string? field)
    {
        var problem = await answer.Read<JsonObject>(status);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.False(string.IsNullOrWhiteSpace((string?)problem["title"]), problem.ToJsonString());
        Assert.False(string.IsNullOrWhiteSpace((string?)problem["detail"]), problem.ToJsonString());
        Assert.False(string.IsNullOrWhiteSpace((string?)problem["trace_id"]), problem.ToJsonString());
        Assert.Equal(field, (string?)problem["field"]);
        Assert.DoesNotContain("secret", problem.ToJsonString(), StringComparison.Ordinal);
        return problem;
    }
}
