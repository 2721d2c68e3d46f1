using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansAiFleet.Access;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Hosting.Fleet;
using OrleansAiFleet.Silo.Audit;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Benchmarks.Access;

/// <summary>The control silo's API as it is, and beside it the same endpoints over the same cluster and database without the gate.</summary>
internal sealed class TwoApis : IAsyncDisposable
{
    private const string Email = "somebody@example.org";
    private const string Password = "amber kites over wide water";

    private readonly PostgresDatabase _database;
    private readonly string _folder;
    private readonly WebApplication _gated;
    private readonly WebApplication _open;

    private TwoApis(PostgresDatabase database, string folder, WebApplication gated, WebApplication open) =>
        (_database, _folder, _gated, _open) = (database, folder, gated, open);

    /// <summary>Of the database below both.</summary>
    public string ConnectionString => _database.ConnectionString;

    public static async Task<TwoApis> StartAsync(CancellationToken cancellationToken)
    {
        var database = await PostgresDatabase.CreateAsync(cancellationToken: cancellationToken);
        var folder = Directory.CreateTempSubdirectory("fleet-bench-access-").FullName;
        var ports = FreePorts.Find(2);
        var builder = Builder(database.ConnectionString, new()
        {
            ["Fleet:Audit:HeadFile"] = Path.Combine(folder, "audit.head"),
            ["Fleet:Cluster:SiloPort"] = $"{ports}",
            ["Fleet:Cluster:GatewayPort"] = $"{ports + 1}",
            ["Fleet:Access:AdministratorEmail"] = Email,
            ["Fleet:Access:AdministratorPassword"] = Password,
            ["Fleet:Access:AddressRequestsPerSecond"] = "1000000",
            ["Fleet:Access:CallerRequestsPerSecond"] = "1000000",
        });
        var gated = builder.BuildSilo();
        await gated.StartAsync(cancellationToken);
        var open = Open(database.ConnectionString, gated.Services.GetRequiredService<IGrainFactory>());
        await open.StartAsync(cancellationToken);
        return new(database, folder, gated, open);
    }

    /// <summary>Sends to the endpoints without the gate.</summary>
    public HttpClient Unchecked() => new() { BaseAddress = new(_open.Urls.First()) };

    /// <summary>Sends with an access token of the administrator.</summary>
    public async Task<HttpClient> SignedInAsync(CancellationToken cancellationToken)
    {
        var http = new HttpClient { BaseAddress = new(_gated.Urls.First()) };
        var tokens = await PostAsync(http, "api/access/sign-in", new { email = Email, password = Password }, cancellationToken);
        http.DefaultRequestHeaders.Authorization = new("Bearer", (string)tokens["access_token"]!);
        return http;
    }

    /// <summary>Sends with an API key of the administrator.</summary>
    public async Task<HttpClient> WithKeyAsync(HttpClient signedIn, CancellationToken cancellationToken)
    {
        var key = await PostAsync(signedIn, "api/admin/api-keys", new { name = "bench" }, cancellationToken);
        var http = new HttpClient { BaseAddress = new(_gated.Urls.First()) };
        http.DefaultRequestHeaders.Add("X-Api-Key", (string)key["secret"]!);
        return http;
    }

    /// <summary>Creates a site and gives its id.</summary>
    public static async Task<Guid> CreateSiteAsync(HttpClient http, CancellationToken cancellationToken) =>
        (Guid)(await PostAsync(http, "api/admin/sites", new { name = $"{Guid.NewGuid():N}", time_zone = "UTC" }, cancellationToken))["id"]!;

    public async ValueTask DisposeAsync()
    {
        await _open.DisposeAsync();
        await _gated.StopAsync();
        await _gated.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static WebApplication Open(string connectionString, IGrainFactory grains)
    {
        var builder = Builder(connectionString, []);
        builder.AddFleet(FleetRole.Silo);
        builder.Services.AddSingleton(grains);
        builder.Services.AddFleetApi();
        builder.Services.AddSingleton<IRowReader, StoredRows>().AddSingleton<IAuditReader, StoredAudit>();
        var app = builder.Build();
        var anybody = new CurrentAccess
        {
            Caller = new Caller { Kind = CallerKind.Person, UserId = Guid.Empty },
            Rights = new([new(AccessRole.Administrator)]),
        };
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        app.Use((context, next) =>
        {
            context.Features.Set(anybody);
            return next(context);
        });
        app.MapFleetEndpoints();
        return app;
    }

    private static WebApplicationBuilder Builder(string connectionString, Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(settings)
        {
            ["urls"] = "http://127.0.0.1:0",
            ["ConnectionStrings:Fleet"] = connectionString,
            ["Fleet:MasterKey:Value"] = Convert.ToBase64String(new byte[32]),
            ["Fleet:Audit:Key"] = Convert.ToBase64String(new byte[32]),
            ["Logging:LogLevel:Default"] = "Error",
            ["Logging:LogLevel:OrleansAiFleet"] = "Error",
        });

        // Streams belong to workers; this process knows two kinds of them, a worker's and those of another benchmark.
        builder.Services.PostConfigure<GrainTypeOptions>(types => types.Classes.RemoveWhere(typeof(ICameraStreamGrain).IsAssignableFrom));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }

    private static async Task<JsonObject> PostAsync(HttpClient http, string path, object body, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(path, body, FleetJson.Options, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text)!.AsObject()
            : throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode}: {text}");
    }
}
