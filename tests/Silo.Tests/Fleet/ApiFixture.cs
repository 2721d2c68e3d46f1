using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using Orleans.Configuration;
using Orleans.TestingHost;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Silo.Audit;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Silo.Inference;
using OrleansAiFleet.Silo.Models;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Audit;
using OrleansAiFleet.Silo.Tests.Inference;
using OrleansAiFleet.Silo.Tests.Models;
using OrleansAiFleet.Storage.Access;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Silo.Tests.Fleet;

/// <summary>The whole API on a real port, over a cluster whose grains keep their rows in memory.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    /// <summary>Small, so that a test can exceed it.</summary>
    public const int MaxUploadBytes = 256 * 1024;

    private readonly Rows _rows = new();
    private InProcessTestCluster? _cluster;
    private WebApplication? _app;

    public HttpClient Http { get; private set; } = null!;

    internal Rows Rows => _rows;

    internal RowsReader Reader { get; private set; } = null!;

    internal FilesInMemory Files { get; } = new();

    internal WorkersOnStage Pictures { get; } = new();

    internal AuditInMemory Audit { get; } = new();

    internal InProcessTestCluster Cluster => _cluster!;

    internal WebApplication App => _app!;

    public async Task InitializeAsync()
    {
        Reader = new(_rows);
        var cluster = new InProcessTestClusterBuilder(1);
        cluster.Options.ConfigureFileLogging = false;
        cluster.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(_rows);
            silo.Configure<GrainTypeOptions>(KeepTestGrains);
        });
        _cluster = cluster.Build();
        await _cluster.DeployAsync();

        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Fleet:Models:MaxUploadBytes"] = $"{MaxUploadBytes}",
                ["Fleet:MasterKey:Value"] = Convert.ToBase64String(new byte[32]),
            });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IGrainFactory>(_cluster.Client);
        builder.Services.AddFleetStorage("Host=nowhere");
        builder.Services.AddFleetAccess(makesKeys: true);
        builder.Services.AddSingleton<IAccessReader>(new OneKey());
        builder.Services.AddFleetApi();
        builder.Services.AddSingleton<IPictureRouter>(Pictures);
        builder.Services.AddSingleton<IRowReader>(Reader);
        builder.Services.AddSingleton<IRolloutReader>(Rollouts);
        builder.Services.AddSingleton<IModelFiles>(Files);
        builder.Services.AddSingleton<IModelReader>(new ModelsInMemory(_rows));
        builder.Services.AddSingleton<IAuditReader>(Audit);
        builder.Services.AddSingleton<IAuditTrail>(Audit);
        _app = builder.Build();
        _app.MapFleetApi();
        await _app.StartAsync();
        Http = new() { BaseAddress = new(_app.Urls.First()) };
        Http.DefaultRequestHeaders.Add("X-Api-Key", OneKey.Secret);
    }

    internal NoRollouts Rollouts { get; } = new();

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _app!.DisposeAsync();
        await _cluster!.DisposeAsync();
    }

    /// <summary>The fleet's own grains need a database, but for the gate; one class per interface is what Orleans wants.</summary>
    private static void KeepTestGrains(GrainTypeOptions types) => types.Classes.RemoveWhere(
        type => type.Assembly.GetName().Name == "OrleansAiFleet.Grains" && !typeof(IInferenceGateGrain).IsAssignableFrom(type));
}

[CollectionDefinition(Name)]
public sealed class ApiTests : ICollectionFixture<ApiFixture>
{
    public const string Name = "API";
}
