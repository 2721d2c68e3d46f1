using System.Net;
using System.Text.Json.Nodes;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using Npgsql;

using OrleansAiFleet.Hosting.Health;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Hosting;

[Collection(ApiTests.Name)]
public sealed class HealthTests(ApiFixture api)
{
    [Fact]
    public async Task Process_lives_whatever_its_checks_say()
    {
        await using var app = await Start(HealthCheckResult.Unhealthy("The database does not answer."));
        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };

        Assert.Equal("healthy", (string?)(await (await http.Get("/health/live")).Read<JsonObject>())["status"]);
        var ready = await (await http.Get("/health/ready")).Read<JsonObject>(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("The database does not answer.", (string?)ready["checks"]!["database"]!["description"]);
    }

    [Fact]
    public async Task Host_is_ready_while_its_checks_are_well()
    {
        await using var app = await Start(HealthCheckResult.Healthy());
        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };

        Assert.Equal("healthy", (string?)(await (await http.Get("/health/ready")).Read<JsonObject>())["status"]);
    }

    [Fact]
    public async Task Database_nobody_serves_is_not_ready_and_says_no_address()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Database=fleet;Username=fleet;Password=secret");

        var result = await new DatabaseHealthCheck(nowhere).CheckHealthAsync(new());

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.DoesNotContain("127.0.0.1", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_is_ready_while_active_and_not_while_its_host_stops()
    {
        var silo = api.Cluster.GetSiloServiceProvider();
        using var stopping = new Lifetime();
        var check = new SiloHealthCheck(
            silo.GetRequiredService<IClusterMembershipService>(), silo.GetRequiredService<ILocalSiloDetails>(), stopping);

        var before = await check.CheckHealthAsync(new());
        stopping.StopApplication();
        var after = await check.CheckHealthAsync(new());

        Assert.Equal((HealthStatus.Healthy, HealthStatus.Unhealthy), (before.Status, after.Status));
    }

    private static async Task<WebApplication> Start(HealthCheckResult database)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHealthChecks().AddCheck("database", () => database, [HealthEndpoints.Ready]);
        var app = builder.Build();
        app.MapFleetHealth();
        await app.StartAsync();
        return app;
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
