using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OrleansAiFleet.Access;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Benchmarks.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Hosting.Fleet;
using OrleansAiFleet.Silo.Audit;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Benchmarks.Access;

/// <summary>The control silo's API as it is, and beside it the same endpoints over the same cluster and database without the gate.</summary>
internal sealed class TwoApis : IAsyncDisposable
{
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
        var builder = MeasuredSilo.CreateBuilder(database.ConnectionString, MeasuredSilo.Settings(folder));
        var gated = builder.BuildSilo();
        await gated.StartAsync(cancellationToken);
        var open = Open(database.ConnectionString, gated.Services.GetRequiredService<IGrainFactory>());
        await open.StartAsync(cancellationToken);
        return new(database, folder, gated, open);
    }

    /// <summary>Sends to the endpoints without the gate.</summary>
    public HttpClient Unchecked() => new() { BaseAddress = new(_open.Urls.First()) };

    /// <summary>Sends with an access token of the administrator.</summary>
    public Task<HttpClient> SignedInAsync(CancellationToken cancellationToken) => MeasuredSilo.SignInAsync(_gated, cancellationToken);

    /// <summary>Sends with an API key of the administrator.</summary>
    public async Task<HttpClient> WithKeyAsync(HttpClient signedIn, CancellationToken cancellationToken)
    {
        var key = await signedIn.PostAsync("api/admin/api-keys", new { name = "bench" }, cancellationToken);
        var http = new HttpClient { BaseAddress = new(_gated.Urls.First()) };
        http.DefaultRequestHeaders.Add("X-Api-Key", (string)key["secret"]!);
        return http;
    }

    /// <summary>Creates a site and gives its id.</summary>
    public static async Task<Guid> CreateSiteAsync(HttpClient http, CancellationToken cancellationToken) =>
        (Guid)(await http.PostAsync("api/admin/sites", new { name = $"{Guid.NewGuid():N}", time_zone = "UTC" }, cancellationToken))["id"]!;

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
        var builder = MeasuredSilo.CreateBuilder(connectionString, new Dictionary<string, string?>());
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
}
