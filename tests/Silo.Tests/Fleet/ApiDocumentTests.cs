using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Silo.Tests.Fleet;

[Collection(ApiTests.Name)]
public sealed partial class ApiDocumentTests(ApiFixture api)
{
    [Fact]
    public async Task Document_lists_every_endpoint()
    {
        var document = await (await api.Http.Get("/openapi/v1.json")).Read<JsonObject>();

        var documented = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"));
        var mapped = api.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                .Select(method => $"{method} {Constraint().Replace(endpoint.RoutePattern.RawText!, "").TrimEnd('/')}"));
        Assert.NotEmpty(mapped);
        Assert.Equal(mapped.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Document_spells_names_as_bodies_do()
    {
        var document = await (await api.Http.Get("/openapi/v1.json")).Read<JsonObject>();

        var camera = document["components"]!["schemas"]!["CreateCamera"]!["properties"]!.AsObject();
        Assert.Contains("source_url", camera.Select(property => property.Key));
        var upload = document["paths"]!["/api/admin/ai-models"]!["post"]!["requestBody"]!["content"]!.AsObject();
        Assert.Contains("multipart/form-data", upload.Select(type => type.Key));
    }

    [Fact]
    public async Task Documentation_page_needs_nothing_from_elsewhere()
    {
        var page = await (await api.Http.Get("/docs")).Content.ReadAsStringAsync();

        var sources = Source().Matches(page).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(sources);
        foreach (var source in sources)
        {
            Assert.DoesNotContain("//", source, StringComparison.Ordinal);
            var script = await api.Http.Get($"/docs/{source.TrimStart('/').Replace("docs/", "", StringComparison.Ordinal)}");
            Assert.Equal(HttpStatusCode.OK, script.StatusCode);
            Assert.NotEmpty(await script.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Root_leads_to_the_documentation()
    {
        var answer = await api.Http.Get("/");

        Assert.StartsWith("/docs", answer.RequestMessage!.RequestUri!.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task System_health_comes_with_reasons()
    {
        var health = await (await api.Http.Get("/api/admin/ai-models/system-health")).Read<SystemHealth>();

        Assert.Equal(HealthLevel.Degraded, health.Status);
        Assert.NotEmpty(health.Reasons);
    }

    [GeneratedRegex(":[a-z]+(?=})")]
    private static partial Regex Constraint();

    [GeneratedRegex("(?:src|href)=\"([^\"]+\\.js)\"")]
    private static partial Regex Source();
}
