using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

using Npgsql;

using OrleansAiFleet.Access;
using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Fleet;

using Xunit.Abstractions;

namespace OrleansAiFleet.Silo.Tests.Access;

/// <summary>Every endpoint, asked by every role, granted on all sites or one, about that site and another.</summary>
[Collection(ControlSiloTests.Name)]
public sealed partial class EndpointMatrixTests(ControlSilo silo, ITestOutputHelper output)
{
    private static readonly HttpStatusCode[] Refusals = [HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound];

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);

    [Fact]
    public void Every_endpoint_is_in_the_table_and_every_row_is_an_endpoint()
    {
        var mapped = silo.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(method => $"{method} /{Parameters().Replace(endpoint.RoutePattern.RawText!.TrimStart('/'), "{}")}"))
            .Where(name => !name.Contains($" {EndpointTable.Dashboard}", StringComparison.Ordinal))
            .ToHashSet();

        Assert.Equal(EndpointTable.Rows.Select(row => Parameters().Replace(row.ToString(), "{}")).Order(), mapped.Order());
    }

    [Fact]
    public void Everything_of_the_dashboard_needs_the_right_to_open_it()
    {
        var dashboard = silo.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith(EndpointTable.Dashboard.TrimStart('/'), StringComparison.Ordinal)
                || endpoint.RoutePattern.RawText.StartsWith(EndpointTable.Dashboard, StringComparison.Ordinal))
            .ToArray();

        Assert.NotEmpty(dashboard);
        Assert.All(dashboard, endpoint => Assert.Equal(
            AccessAction.OpenDashboard, endpoint.Metadata.GetRequiredMetadata<OrleansAiFleet.Hosting.Access.IAccessRequirement>().Action));
    }

    [Fact]
    public async Task Every_role_gets_what_the_access_table_says_and_nothing_else()
    {
        var own = await SiteAsync("Own");
        var other = await SiteAsync("Other");
        var (allowed, refused, wrong) = (0, 0, new List<string>());
        foreach (var role in Enum.GetValues<AccessRole>())
        {
            foreach (var grant in new AccessGrant[] { new(role), new(role, own.Site) })
            {
                using var http = await silo.ClientAsync([grant]);
                foreach (var (row, at) in EndpointTable.Rows.SelectMany(row => new[] { (row, own), (row, other) }))
                {
                    var expected = IsAllowed(row, grant, at.Site);
                    var (status, text) = await AskAsync(http, row, await FreshAsync(row, at, http));
                    var was = !Refusals.Contains(status) || (row.Action is null && status is not HttpStatusCode.Forbidden);
                    (allowed, refused) = was ? (allowed + 1, refused) : (allowed, refused + 1);
                    if (was != expected)
                    {
                        var where = grant.SiteId is null ? "all sites" : "its own";
                        wrong.Add($"{role} on {where}: {row} about {(at == own ? "own" : "other")}: {(int)status} {text}");
                    }

                    if (grant.SiteId is not null && was && at == own && text.Contains(other.Site.ToString(), StringComparison.Ordinal))
                    {
                        wrong.Add($"{role} on its own site sees the other in {row}");
                    }
                }
            }
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"count: {EndpointTable.Rows.Count} endpoints x {Enum.GetValues<AccessRole>().Length} roles x granted on all sites or one x own or other site: "
            + $"{allowed} allowed, {refused} refused, {wrong.Count} not as the table says"));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Whoever_does_not_say_who_they_are_gets_what_is_open_and_nothing_else()
    {
        var site = await SiteAsync("Site");
        using var http = silo.Anonymous();
        foreach (var row in EndpointTable.Rows.Where(row => row.Action is not null))
        {
            var (status, text) = await AskAsync(http, row, site);
            Assert.True(status is HttpStatusCode.Unauthorized, $"{row}: {(int)status} {text}");
        }

        using var dashboard = await http.GetAsync(new Uri("/orleans/", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, dashboard.StatusCode);
    }

    private static bool IsAllowed(EndpointRow row, AccessGrant grant, Guid site)
    {
        if (row.Action is not { } action)
        {
            return true;
        }

        var rule = AccessPolicy.Of(action);
        if (!rule.Roles.Contains(grant.Role))
        {
            return false;
        }

        return row.About switch
        {
            About.List => true,
            About.Site => grant.SiteId is null || grant.SiteId == site,
            _ => rule.Reach is AccessReach.Anywhere || grant.SiteId is null,
        };
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(HttpClient http, EndpointRow row, SiteUnderTest at)
    {
        var path = row.Pattern
            .Replace("{site:guid}", $"{at.Site}", StringComparison.Ordinal)
            .Replace("{camera:guid}", $"{at.Camera}", StringComparison.Ordinal)
            .Replace("{deployment:guid}", $"{at.Deployment}", StringComparison.Ordinal)
            .Replace("{fleet:guid}", $"{at.Fleet}", StringComparison.Ordinal)
            .Replace("{rollout:guid}", $"{at.Rollout}", StringComparison.Ordinal)
            .Replace("{model:guid}", $"{at.Model}", StringComparison.Ordinal)
            .Replace("{category:guid}", $"{OrleansAiFleet.Models.ModelKeys.OfCategory("Safety Compliance")}", StringComparison.Ordinal)
            .Replace("{upload:guid}", $"{at.Upload}", StringComparison.Ordinal)
            .Replace("{alias}", "champion", StringComparison.Ordinal)
            .Replace("{kind}/{name}", "weights/model.onnx", StringComparison.Ordinal)
            .Replace("{name}", "night.jpg", StringComparison.Ordinal)
            .Replace("{destination}", "hook", StringComparison.Ordinal)
            .Replace("{letter:long}", $"{at.Letter}", StringComparison.Ordinal)
            .Replace("{detection:guid}", $"{at.Detection}", StringComparison.Ordinal)
            .Replace("{person:guid}", $"{at.Person}", StringComparison.Ordinal)
            .Replace("{key:guid}", $"{at.Key}", StringComparison.Ordinal)
            .Replace("{documentName?}", "", StringComparison.Ordinal)
            .Replace("{documentName}", "v1", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new(row.Method), new Uri(path, UriKind.Relative))
        {
            Content = row.Body is { } body ? JsonContent.Create(body(at)) : null,
        };
        using var limit = new CancellationTokenSource(AnswerLimit);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var isEndless = answer.Content.Headers.ContentType?.MediaType is "multipart/x-mixed-replace" or "text/event-stream";
            return (answer.StatusCode, isEndless ? "" : await answer.Content.ReadAsStringAsync(limit.Token));
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{row} does not answer.");
        }
    }

    // A key is revoked once, and what a request takes away must be there for the next.
    private async Task<SiteUnderTest> FreshAsync(EndpointRow row, SiteUnderTest at, HttpClient http) =>
        row.Pattern.Contains("{key:guid}", StringComparison.Ordinal) ? at with { Key = (await silo.KeyAsync([])).Key.Row.Id }
        : row.Pattern.Contains("{letter:long}", StringComparison.Ordinal) ? at with { Letter = await LetterAsync(at.Deployment) }
        : row.Pattern.Contains("{detection:guid}", StringComparison.Ordinal) ? await MarkedAsync(at)
        : row.Pattern.Contains("{upload:guid}", StringComparison.Ordinal) ? at with { Upload = await UploadAsync(http) }
        : at;

    // Another row of the table erases what the camera has seen.
    private async Task<SiteUnderTest> MarkedAsync(SiteUnderTest at)
    {
        var detection = await DetectionAsync(at);
        await silo.Get<DetectionMarks>().SetAsync(
            at.Camera, detection, EndpointTable.Seen, DetectionVerdict.Correct, null, null, CancellationToken.None);
        return at with { Detection = detection };
    }

    private async Task<Guid> DetectionAsync(SiteUnderTest at)
    {
        var id = Guid.NewGuid();
        await using var insert = silo.Get<NpgsqlDataSource>().CreateCommand("""
            INSERT INTO detections (
                id, camera_id, site_id, deployment_id, model_id, frame_time, frame_number, class_id, class_name, confidence, x, y, width, height)
            VALUES ($1, $2, $3, $4, $5, $6, 1, 1, 'person', 0.5, 0, 0, 1, 1)
            """);
        insert.Parameters.AddRange(
            new object[] { id, at.Camera, at.Site, at.Deployment, at.Model, EndpointTable.Seen.UtcDateTime }
                .Select(value => new NpgsqlParameter { Value = value }).ToArray());
        await insert.ExecuteNonQueryAsync();
        return id;
    }

    private async Task<long> LetterAsync(Guid deployment)
    {
        await using var insert = silo.Get<NpgsqlDataSource>().CreateCommand("""
            INSERT INTO detection_dead_letters (id, deployment_id, destination, camera_id, frame_time, detection_ids, stored_at, reason)
            SELECT coalesce(max(id), 0) + 1, $1, 'hook', $1, now(), ARRAY[$1], now(), 'Gone' FROM detection_dead_letters
            RETURNING id
            """);
        insert.Parameters.Add(new() { Value = deployment });
        return (long)(await insert.ExecuteScalarAsync())!;
    }

    // Uploads are their sender's own: whoever may begin none has none.
    private static async Task<Guid> UploadAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/admin/model-uploads") { Headers = { { "Upload-Length", "1" } } };
        using var answer = await http.SendAsync(request);
        return answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<Begun>())!.Id : Guid.NewGuid();
    }

    private sealed record Begun(Guid Id);

    private async Task<SiteUnderTest> SiteAsync(string name)
    {
        var site = await silo.CreateSiteAsync(name);
        var camera = await silo.CreateAsync("/api/admin/cameras", new { site_id = site, name, source_url = "http://192.0.2.1/stream", enabled = false });
        var deployment = await silo.CreateAsync(
            "/api/admin/deployments",
            new
            {
                site_id = site,
                model_id = silo.Model,
                deployment_name = name,
                deployment_type = "testing",
                input_sources = new[] { camera },
                api_access_enabled = true,
                output_destinations = EndpointTable.Destinations("0123456789abcdef"),
            });
        var person = await silo.CreateAsync("/api/admin/people", new { name = $"{Guid.NewGuid():N}@example.org" });
        var (_, key) = await silo.KeyAsync([]);
        return new(
            site, camera, deployment, silo.Model, person, key.Row.Id, await RolloutAsync(site, deployment), await FleetRolloutAsync(site));
    }

    // One that is over, so that nothing it is told changes anything.
    private async Task<Guid> RolloutAsync(Guid site, Guid deployment)
    {
        var candidate = await silo.CreateAsync(
            "/api/admin/deployments", new { site_id = site, model_id = silo.Model, deployment_name = "candidate", deployment_type = "testing" });
        await using var db = await silo.Get<IDbContextFactory<FleetContext>>().CreateDbContextAsync();
        db.Add(new Rollout
        {
            Id = candidate, SiteId = site, StableDeploymentId = deployment, CandidateModelId = silo.Model, IsSettled = true,
            Progress = new() { Phase = RolloutPhase.RolledBack, Reason = "All is as it was." },
        });
        db.Add(new Experiment
        {
            Id = candidate, SiteId = site, Name = "Over", DeploymentId = deployment, ModelId = silo.Model, IsSettled = true,
            Progress = new() { Phase = ExperimentPhase.Concluded, Reason = "B is better." },
        });
        db.Add(new PerformanceOptimization
        {
            Id = candidate, SiteId = site, DeploymentId = deployment, ModelId = silo.Model, IsSettled = true,
            Progress = new() { Phase = OptimizationPhase.NothingToGain, Reason = "All is well." },
        });
        await db.SaveChangesAsync();
        return candidate;
    }

    // The same: all of it is taken back.
    private async Task<Guid> FleetRolloutAsync(Guid site)
    {
        var id = Guid.CreateVersion7();
        await using var db = await silo.Get<IDbContextFactory<FleetContext>>().CreateDbContextAsync();
        db.Add(new FleetRollout
        {
            Id = id, Name = "Over", ModelId = silo.Model, MaxConcurrentSites = 1, Waves = [new([site])], IsSettled = true,
            Progress = new() { Phase = FleetRolloutPhase.Returned, Reason = "All is as it was." },
        });
        db.Add(new FleetRolloutSite { Id = Guid.CreateVersion7(), FleetRolloutId = id, SiteId = site, State = FleetSiteState.Returned });
        await db.SaveChangesAsync();
        return id;
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameters();
}
