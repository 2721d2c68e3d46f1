using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrleansAiFleet.Benchmarks.Fleet;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Benchmarks.Rollouts;

/// <summary>A control silo as it runs, over many sites with cameras whose streams are still, and two approved versions of a model.</summary>
internal sealed class FleetOfSites : IAsyncDisposable
{
    private const string Rows = """
        INSERT INTO ai_models (id, name, version, model_type, category, model_file_path, configuration, batch_size_max, status, approval_status)
        SELECT gen_random_uuid(), 'Helmets', version::TEXT, 'object_detection', 'PPE Detection', 'models/helmets.onnx', '{"decoder": "yolov8"}', 8, 'approved', 'approved'
        FROM generate_series(1, 2) AS version;

        INSERT INTO sites (id, name, time_zone)
        SELECT gen_random_uuid(), 'Site ' || lpad(site::TEXT, 5, '0'), 'Europe/Berlin' FROM generate_series(1, {0}) AS site;

        INSERT INTO cameras (id, site_id, name, source_url)
        SELECT gen_random_uuid(), sites.id, 'Camera ' || camera, 'rtsp://camera.test/stream'
        FROM sites, generate_series(1, {1}) AS camera;
        """;

    private readonly PostgresDatabase _database;
    private readonly string _folder;
    private readonly WebApplication _silo;
    private readonly HttpClient _api;
    private readonly NpgsqlDataSource _rows;

    private FleetOfSites(PostgresDatabase database, string folder, WebApplication silo, HttpClient api) =>
        (_database, _folder, _silo, _api, _rows) = (database, folder, silo, api, NpgsqlDataSource.Create(database.ConnectionString));

    /// <summary>The two versions.</summary>
    public Guid[] Models { get; private set; } = [];

    /// <summary>Its API, as an administrator.</summary>
    public HttpClient Api => _api;

    /// <summary>What the silo's process has.</summary>
    public IServiceProvider Services => _silo.Services;

    private StillStreams Streams => _silo.Services.GetRequiredService<StillStreams>();

    /// <param name="sites">How many.</param>
    /// <param name="camerasEach">On each of them.</param>
    /// <param name="addStreams">Registers cameras' streams and gives their grain class; null: streams that do nothing.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<FleetOfSites> StartAsync(
        int sites, int camerasEach, CancellationToken cancellationToken, Func<IServiceCollection, Type>? addStreams = null)
    {
        var database = await PostgresDatabase.CreateAsync(cancellationToken: cancellationToken);
        var folder = Directory.CreateTempSubdirectory("fleet-bench-rollout-").FullName;
        var silo = Build(database.ConnectionString, folder, camerasEach > 0 ? addStreams ?? AddStillStreams : null);
        await silo.StartAsync(cancellationToken);
        var fleet = new FleetOfSites(database, folder, silo, await MeasuredSilo.SignInAsync(silo, cancellationToken));
        await using (var rows = fleet._rows.CreateCommand(
            Rows.Replace("{0}", $"{sites}", StringComparison.Ordinal).Replace("{1}", $"{camerasEach}", StringComparison.Ordinal)))
        {
            await rows.ExecuteNonQueryAsync(cancellationToken);
        }

        fleet.Models = await fleet.ReadModelsAsync(cancellationToken);
        return fleet;
    }

    /// <summary>Begins a bulk deployment and gives its id.</summary>
    public async Task<Guid> DeployAsync(Guid model, CancellationToken cancellationToken) =>
        (Guid)(await _api.PostAsync("api/admin/ai-models/bulk-deploy", new { model_id = model }, cancellationToken))["rollout"]!["id"]!;

    public Task AbortAllAsync(Guid fleetRollout, CancellationToken cancellationToken) =>
        _api.PostAsync($"api/admin/fleet-rollouts/{fleetRollout}/abort-all", new { reason = "Measured." }, cancellationToken);

    /// <summary>Waits until a fleet rollout is over.</summary>
    /// <exception cref="InvalidOperationException">It did not come to every site.</exception>
    public async Task SettledAsync(Guid fleetRollout, int sites, CancellationToken cancellationToken)
    {
        while (true)
        {
            var report = JsonNode.Parse(await _api.GetStringAsync(new Uri($"api/admin/fleet-rollouts/{fleetRollout}", UriKind.Relative), cancellationToken))!;
            if ((bool)report["rollout"]!["is_settled"]!)
            {
                var wave = report["waves"]![0]!;
                var done = (int)wave["succeeded"]! + (int)wave["rolled_back"]!;
                if (done != sites)
                {
                    throw new InvalidOperationException($"{done} of {sites} sites came to their end: {report["rollout"]!["progress"]!["reason"]}");
                }

                return;
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>Waits until so many streams have a plan with this version and no other.</summary>
    public async Task PlannedAsync(Guid model, int cameras, CancellationToken cancellationToken)
    {
        while (Streams.Count(model) < cameras)
        {
            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>Adds a deployment at work to every site.</summary>
    public Task AddIdleDeploymentsAsync(CancellationToken cancellationToken) => ExecuteAsync(
        """
        INSERT INTO model_deployments (id, model_id, site_id, deployment_name, deployment_status, confidence_threshold, batch_size)
        SELECT gen_random_uuid(), (SELECT id FROM ai_models WHERE name = 'Helmets' ORDER BY version LIMIT 1), sites.id, 'Idle', 'active', 0.5, 8
        FROM sites;
        ANALYZE;
        """,
        cancellationToken);

    /// <summary>Has them at work or not.</summary>
    public Task SetIdleDeploymentsAsync(bool active, CancellationToken cancellationToken) => ExecuteAsync(
        $"UPDATE model_deployments SET deployment_status = '{(active ? "active" : "paused")}'; VACUUM ANALYZE model_deployments;", cancellationToken);

    /// <summary>Asks the grain of every deployment for its row.</summary>
    public async Task AskIdleDeploymentsAsync(CancellationToken cancellationToken)
    {
        var grains = _silo.Services.GetRequiredService<IGrainFactory>();
        await Parallel.ForEachAsync(
            await ReadIdsAsync("SELECT id FROM model_deployments", cancellationToken), cancellationToken,
            async (id, _) => await grains.GetGrain<IDeploymentGrain>(id).Get());
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _silo.StopAsync();
        await _silo.DisposeAsync();
        await _rows.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // Where streams are, there is a worker: without cameras there is to be none.
    private static WebApplication Build(string connectionString, string folder, Func<IServiceCollection, Type>? addStreams)
    {
        var services = new ServiceCollection();
        var streams = addStreams?.Invoke(services);
        var builder = MeasuredSilo.CreateBuilder(connectionString, MeasuredSilo.Settings(folder), streams);
        foreach (var service in services)
        {
            builder.Services.Add(service);
        }

        return builder.BuildSilo();
    }

    private static Type AddStillStreams(IServiceCollection services)
    {
        services.AddSingleton<StillStreams>();
        return typeof(StillStreamGrain);
    }

    private Task<Guid[]> ReadModelsAsync(CancellationToken cancellationToken) =>
        ReadIdsAsync("SELECT id FROM ai_models WHERE name = 'Helmets' ORDER BY version", cancellationToken);

    /// <summary>Runs statements, one at a time: some cannot stand in a transaction.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        foreach (var statement in sql.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await using var command = _rows.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>The ids that a query gives.</summary>
    public async Task<Guid[]> ReadIdsAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _rows.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetGuid(0));
        }

        return [.. ids];
    }
}
