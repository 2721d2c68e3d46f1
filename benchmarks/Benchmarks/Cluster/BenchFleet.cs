using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

using Npgsql;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Benchmarks.Cluster;

/// <summary>A whole fleet as <c>./fleet run</c> starts it: control silo, one worker, console, a PostgreSQL of its own with default durability.</summary>
internal sealed class BenchFleet : IAsyncDisposable
{
    private const int Ports = 12;

    private readonly string _home;
    private readonly Process _run;
    private readonly HttpClient _api;
    private readonly NpgsqlDataSource _database;

    private BenchFleet(string home, Process run, HttpClient api, NpgsqlDataSource database)
    {
        (_home, _run, _api, _database) = (home, run, api, database);
    }

    /// <summary>Root of the checkout.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The sample model.</summary>
    public static string Model { get; } = Path.Combine(Root, "samples", "site-safety.onnx");

    private Guid ModelId { get; set; }

    private Guid SiteId { get; set; }

    /// <summary>Starts it and registers the sample model and a site.</summary>
    public static async Task<BenchFleet> StartAsync(CancellationToken cancellationToken)
    {
        var home = Directory.CreateTempSubdirectory("fleet-bench-").FullName;
        File.SetUnixFileMode(home, File.GetUnixFileMode(home) | UnixFileMode.OtherExecute);
        var port = FreePorts.Find(Ports);
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(Root, "artifacts", "bin", "FleetCli", "release", "OrleansAiFleet.FleetCli.dll"), "run", "--no-samples"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["FLEET_ROOT"] = Root;
        start.Environment["FLEET_HOME"] = home;
        start.Environment.Remove("ConnectionStrings__Fleet");
        foreach (var (name, i) in ((string[])["API", "WEB", "WORKER", "DB", "GATEWAY", "SILO"]).Select((name, i) => (name, i)))
        {
            start.Environment[$"FLEET_{name}_PORT"] = $"{port + i}";
        }

        var run = Process.Start(start)!;
        run.OutputDataReceived += static (_, _) => { };
        run.ErrorDataReceived += static (_, line) => Console.Error.WriteLine(line.Data);
        run.BeginOutputReadLine();
        run.BeginErrorReadLine();
        var api = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromMinutes(2) };
        await WaitAsync(() => Task.FromResult(File.Exists(Path.Combine(home, "operator.key"))), cancellationToken);
        api.DefaultRequestHeaders.Add(
            "X-Api-Key", (await File.ReadAllTextAsync(Path.Combine(home, "operator.key"), cancellationToken)).Trim());
        await WaitAsync(async () => (await ReadHealthAsync(api))?.Workers.Length == 1, cancellationToken);
        var password = (await File.ReadAllTextAsync(Path.Combine(home, "postgres.password"), cancellationToken)).Trim();
        var fleet = new BenchFleet(
            home,
            run,
            api,
            NpgsqlDataSource.Create($"Host=127.0.0.1;Port={port + 3};Username=fleet;Password={password};Database=fleet;Maximum Pool Size=2"));
        fleet.ModelId = await fleet.UploadAsync(cancellationToken);
        fleet.SiteId = await fleet.PostAsync("api/admin/sites", new { name = "Bench", time_zone = "UTC" }, cancellationToken);
        return fleet;
    }

    /// <summary>Largest batch that the worker's warm-up chose, once the model is loaded there.</summary>
    public async Task<int> ReadMaxBatchAsync(CancellationToken cancellationToken)
    {
        var batch = 0;
        await WaitAsync(
            async () => (batch = (await ReadHealthAsync(_api))?.Workers.SelectMany(worker => worker.Models)
                .Select(model => model.MaxBatchSize).FirstOrDefault() ?? 0) > 0,
            cancellationToken);
        return batch;
    }

    /// <summary>Plays a clip of so many frames on a camera of its own and waits until every frame's result is in the database.</summary>
    public async Task<ClusterRun> PlayAsync(string clip, int frames, bool realTime, CancellationToken cancellationToken)
    {
        var camera = await PostAsync(
            "api/admin/cameras",
            new
            {
                site_id = SiteId,
                name = $"Bench {Guid.NewGuid():N}",
                source_url = clip,
                sampling_fps = 0,
                working_size = 640,
                pace = realTime ? "live" : "as_fast_as_possible",
            },
            cancellationToken);
        var deployment = await PostAsync(
            "api/admin/deployments",
            new
            {
                model_id = ModelId,
                site_id = SiteId,
                deployment_name = "Bench",
                deployment_type = "testing",
                confidence_threshold = 0.5,
                batch_size = 16,
                processing_interval_seconds = 0,
                input_sources = new[] { camera },
            },
            cancellationToken);
        var totals = new WindowTotals();
        await WaitAsync(
            async () =>
            {
                totals = await ReadTotalsAsync(deployment, cancellationToken);
                return totals.FramesInferred + totals.FramesSkipped.Sum() >= frames;
            },
            cancellationToken,
            pause: TimeSpan.FromMilliseconds(20));
        var elapsed = await ReadElapsedAsync(deployment, cancellationToken);
        using var answer = await _api.DeleteAsync($"api/admin/deployments/{deployment}", cancellationToken);
        return new((int)totals.FramesInferred, (int)totals.FramesSkipped.Sum(), elapsed, totals.Latency);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _api.Dispose();
        using (var kill = Process.Start("kill", ["-INT", $"{_run.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _run.WaitForExitAsync();
        _run.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    private async Task<WindowTotals> ReadTotalsAsync(Guid deployment, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand("SELECT totals FROM metric_window_reports WHERE deployment_id = $1");
        command.Parameters.AddWithValue(deployment);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var sum = new WindowTotals();
        while (await rows.ReadAsync(cancellationToken))
        {
            sum += JsonSerializer.Deserialize<WindowTotals>(rows.GetString(0), FleetJson.Options)!;
        }

        return sum;
    }

    // From the first stored frame's arrival to the last commit: the clip shows something in its first frame.
    private async Task<TimeSpan> ReadElapsedAsync(Guid deployment, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand("""
            SELECT (SELECT max(stored_at) FROM metric_window_reports WHERE deployment_id = $1)
                - (SELECT min(frame_time) FROM detections WHERE deployment_id = $1)
            """);
        command.Parameters.AddWithValue(deployment);
        return (TimeSpan)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<Guid> UploadAsync(CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("Bench"), "name" },
            { new StringContent("1"), "version" },
            { new StringContent("object_detection"), "model_type" },
            { new StringContent("Safety Compliance"), "category" },
        };
        form.Add(new StreamContent(File.OpenRead(Model)), "file", "model.onnx");
        using var answer = await _api.PostAsync("api/admin/ai-models", form, cancellationToken);
        return await ReadIdAsync(answer, cancellationToken);
    }

    private async Task<Guid> PostAsync<T>(string path, T body, CancellationToken cancellationToken)
    {
        using var answer = await _api.PostAsJsonAsync(path, body, FleetJson.Options, cancellationToken);
        return await ReadIdAsync(answer, cancellationToken);
    }

    private static async Task<Guid> ReadIdAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{answer.RequestMessage?.RequestUri}: {(int)answer.StatusCode} {text}");
        }

        using var row = JsonDocument.Parse(text);
        return row.RootElement.GetProperty("id").GetGuid();
    }

    private static async Task<SystemHealth?> ReadHealthAsync(HttpClient api)
    {
        try
        {
            return await api.GetFromJsonAsync<SystemHealth>("api/admin/ai-models/system-health", FleetJson.Options);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task WaitAsync(Func<Task<bool>> isSo, CancellationToken cancellationToken, TimeSpan? pause = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        while (!await isSo())
        {
            await Task.Delay(pause ?? TimeSpan.FromMilliseconds(200), limit.Token);
        }
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "OrleansAiFleet.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("The benchmarks do not run inside a checkout of the project.");
    }
}

/// <summary>One clip through the cluster.</summary>
/// <param name="Frames">Frames inferred.</param>
/// <param name="Skipped">Frames not inferred, for whatever reason.</param>
/// <param name="Elapsed">From the first frame's arrival to the commit of the last result.</param>
/// <param name="Latency">From a frame's arrival to its detections handed over.</param>
internal sealed record ClusterRun(int Frames, int Skipped, TimeSpan Elapsed, LatencySketch Latency);
