using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

using Orleans.Configuration;

using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Access;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Storage.Access;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Silo.Tests.Access;

/// <summary>The control silo as it runs, on ports and a PostgreSQL database of its own, without a worker.</summary>
public sealed class ControlSilo : IAsyncLifetime
{
    public const string AdministratorEmail = "first@example.org";
    public const string AdministratorPassword = "correct horse battery staple";

    private readonly string _folder = Directory.CreateTempSubdirectory("control-silo-").FullName;
    private PostgresDatabase? _database;
    private WebApplication? _app;

    /// <summary>Requests are limited as by default; else as good as not.</summary>
    public bool HasUsualLimits { get; init; }

    /// <summary>Settings beside the usual ones, or instead of them.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    internal WebApplication App => _app!;

    /// <summary>Of its database.</summary>
    public string ConnectionString => _database!.ConnectionString;

    public Uri Address => new(_app!.Urls.First());

    /// <summary>Sends as an administrator of the whole fleet.</summary>
    public HttpClient Administrator { get; private set; } = null!;

    /// <summary>Id of a model version that is registered.</summary>
    public Guid Model { get; private set; }

    public async Task InitializeAsync()
    {
        _database = await PostgresDatabase.CreateAsync();
        var ports = FreePorts.Find(2);
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["ConnectionStrings:Fleet"] = _database.ConnectionString,
            ["Fleet:Cluster:SiloPort"] = $"{ports}",
            ["Fleet:Cluster:GatewayPort"] = $"{ports + 1}",
            ["Fleet:MasterKey:Value"] = Convert.ToBase64String(new byte[32]),
            ["Fleet:Audit:HeadFile"] = Path.Combine(_folder, "audit.head"),
            ["Fleet:Audit:Key"] = Convert.ToBase64String(new byte[32]),
            ["Fleet:Access:AdministratorEmail"] = AdministratorEmail,
            ["Fleet:Access:AdministratorPassword"] = AdministratorPassword,
            ["Fleet:Access:RightsLifetime"] = "00:00:00",
        });
        if (!HasUsualLimits)
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Fleet:Access:AddressRequestsPerSecond"] = "100000",
                ["Fleet:Access:CallerRequestsPerSecond"] = "100000",
                ["Fleet:Access:FailuresPerMinute"] = "100000",
            });
        }

        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Services.Configure<GrainTypeOptions>(LeaveTestGrains);
        _app = builder.BuildSilo();
        await _app.StartAsync();
        Administrator = await ClientAsync([new(AccessRole.Administrator)]);
        Model = await RegisterModelAsync();
    }

    public async Task DisposeAsync()
    {
        Administrator.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        await _database!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    /// <summary>A client without credentials that follows no redirect.</summary>
    public HttpClient Anonymous() => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };

    /// <summary>A client with the key of a new service that has these roles.</summary>
    public async Task<HttpClient> ClientAsync(AccessGrant[] grants, AccessAction[]? actions = null, Guid[]? sites = null)
    {
        var (_, key) = await KeyAsync(grants, actions, sites);
        var http = Anonymous();
        http.DefaultRequestHeaders.Add("X-Api-Key", key.Answer.Secret);
        return http;
    }

    /// <summary>A key, signing too, of a new service that has these roles.</summary>
    internal async Task<(Guid Owner, NewApiKey Key)> KeyAsync(AccessGrant[] grants, AccessAction[]? actions = null, Guid[]? sites = null)
    {
        using var scope = _app!.Services.CreateScope();
        var owner = Guid.CreateVersion7();
        var result = await scope.ServiceProvider.GetRequiredService<NewPeople>().CreateAsync(
            new() { Id = owner, Kind = UserKind.Service, UserName = $"service-{owner:N}" }, null, grants, CancellationToken.None);
        Assert.True(result.Succeeded, string.Join(' ', result.Errors.Select(error => error.Description)));
        var key = Get<NewApiKeys>().Make(new() { Name = "test", Actions = actions, SiteIds = sites, Signing = true }, owner);
        await Get<ApiKeyStore>().AddAsync(key.Row, CancellationToken.None);
        return (owner, key);
    }

    /// <summary>Creates something through the API and gives its id.</summary>
    public async Task<Guid> CreateAsync(string path, object body) =>
        (await (await Administrator.Post(path, body)).Read<Created>(System.Net.HttpStatusCode.Created)).Id;

    public Task<Guid> CreateSiteAsync(string name) =>
        CreateAsync("/api/admin/sites", new { name = $"{name} {Guid.NewGuid():N}", time_zone = "Europe/Berlin" });

    // The grains are the fleet's own, but for the camera stream and the inspection of models: their classes are a worker's.
    private static void LeaveTestGrains(GrainTypeOptions types) => types.Classes.RemoveWhere(
        type => type.Assembly == typeof(StreamInMemory).Assembly && type != typeof(StreamInMemory) && type != typeof(InspectionInMemory));

    // An upload is inspected by a worker, and there is none.
    private async Task<Guid> RegisterModelAsync()
    {
        await using var db = await Get<IDbContextFactory<FleetContext>>().CreateDbContextAsync();
        var model = new AiModel
        {
            Id = Guid.CreateVersion7(),
            Name = "Model",
            Version = "1",
            ModelType = ModelType.ObjectDetection,
            Category = "safety",
            Framework = "onnx",
            ModelFilePath = "models/none.onnx",
            Configuration = JsonText.From(new ModelConfiguration()),
            AttachedFiles = [new() { Kind = AttachedFileKind.Evidence, Name = "night.jpg", Path = "models/night.jpg" }],
        };
        db.Models.Add(model);
        await db.SaveChangesAsync();
        return model.Id;
    }

    private sealed record Created(Guid Id);
}

[CollectionDefinition(Name)]
public sealed class ControlSiloTests : ICollectionFixture<ControlSilo>
{
    public const string Name = "Control silo";
}
