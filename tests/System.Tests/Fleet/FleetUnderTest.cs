using System.Diagnostics;
using System.Text.Json;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.System.Tests.Fleet;

/// <summary>A whole fleet as a user runs it: <c>fleet run</c> with its own ports, its own home and its own PostgreSQL.</summary>
internal sealed class FleetUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly string _home;
    private readonly Process _run;
    private readonly Dictionary<string, string> _environment;
    private readonly List<string> _output = [];
    private bool _stopped;

    private FleetUnderTest(PrivatePostgres postgres, string home, Dictionary<string, string> environment, Process run)
    {
        (Postgres, _home, _environment, _run) = (postgres, home, environment, run);
        Database = Npgsql.NpgsqlDataSource.Create(postgres.ConnectionStringOf("fleet"));
        Api = new() { BaseAddress = new($"http://127.0.0.1:{environment["FLEET_API_PORT"]}/"), Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>The server below the fleet.</summary>
    public PrivatePostgres Postgres { get; }

    /// <summary>Its database.</summary>
    public Npgsql.NpgsqlDataSource Database { get; }

    /// <summary>The REST API.</summary>
    public HttpClient Api { get; }

    /// <summary>Address of the console.</summary>
    public Uri Console => new($"http://127.0.0.1:{_environment["FLEET_WEB_PORT"]}/");

    /// <summary>Where its workers keep the model files that they fetched.</summary>
    public string ModelCache => Path.Combine(_home, "models");

    /// <summary>Everything that <c>fleet run</c> printed.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    /// <summary>Starts a fleet and waits until its API takes requests and every worker answers.</summary>
    public static Task<FleetUnderTest> StartAsync(int workers, params string[] options) => StartAsync(workers, new Dictionary<string, string>(), options);

    /// <summary>The same with settings of its own.</summary>
    public static async Task<FleetUnderTest> StartAsync(int workers, IReadOnlyDictionary<string, string> settings, params string[] options)
    {
        var postgres = await PrivatePostgres.CreateAsync();
        var home = Directory.CreateTempSubdirectory("fleet-system-").FullName;
        var ports = FreePorts.Find(8 + (3 * workers));
        var environment = new Dictionary<string, string>
        {
            ["FLEET_ROOT"] = RealData.RepositoryRoot,
            ["FLEET_HOME"] = home,
            ["FLEET_CONFIGURATION"] = Configuration,
            ["FLEET_API_PORT"] = $"{ports}",
            ["FLEET_WEB_PORT"] = $"{ports + 1}",
            ["FLEET_WORKER_PORT"] = $"{ports + 2}",
            ["FLEET_SILO_PORT"] = $"{ports + 2 + workers}",
            ["FLEET_GATEWAY_PORT"] = $"{ports + 3 + (2 * workers)}",
            ["ConnectionStrings__Fleet"] = postgres.ConnectionStringOf("fleet"),
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var run = Start(environment, ["run", "--workers", $"{workers}", .. options]);
        var fleet = new FleetUnderTest(postgres, home, environment, run);
        run.OutputDataReceived += (_, line) => fleet.Note(line.Data);
        run.ErrorDataReceived += (_, line) => fleet.Note(line.Data);
        run.BeginOutputReadLine();
        run.BeginErrorReadLine();
        try
        {
            await fleet.WaitUntilAsync("there is a key", StartLimit, () => Task.FromResult(File.Exists(Path.Combine(home, "operator.key"))));
            fleet.Api.DefaultRequestHeaders.Add("X-Api-Key", (await File.ReadAllTextAsync(Path.Combine(home, "operator.key"))).Trim());
            await fleet.WaitUntilAsync(
                $"{workers} workers are up",
                StartLimit,
                async () => (await fleet.ReadHealthAsync())?.Workers.Length == workers);
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }

        return fleet;
    }

    /// <summary>How the fleet does, or null while nobody answers.</summary>
    public async Task<SystemHealth?> ReadHealthAsync()
    {
        try
        {
            using var answer = await Api.GetAsync("api/admin/ai-models/system-health");
            return answer.IsSuccessStatusCode
                ? JsonSerializer.Deserialize<SystemHealth>(await answer.Content.ReadAsStringAsync(), FleetJson.Options)
                : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Runs another command on this fleet.</summary>
    /// <returns>Exit code and what it printed.</returns>
    public async Task<(int ExitCode, string Output)> CommandAsync(params string[] arguments)
    {
        using var command = Start(_environment, arguments);
        var error = command.StandardError.ReadToEndAsync();
        var output = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        return (command.ExitCode, output + await error);
    }

    /// <summary>Process id of one of the fleet's processes now.</summary>
    public async Task<int> ProcessIdOfAsync(string name)
    {
        var (_, json) = await CommandAsync("status", "--json");
        using var status = JsonDocument.Parse(json);
        return status.RootElement.GetProperty("processes").EnumerateArray()
            .Single(process => process.GetProperty("name").GetString() == name).GetProperty("process_id").GetInt32();
    }

    /// <summary>Every process of the fleet that is alive now, ffmpeg among them.</summary>
    public IReadOnlyList<int> LivingProcesses()
    {
        // Every process of a fleet has the fleet's home in its environment.
        var mark = $"FLEET_HOME={_home}";
        return
        [
            .. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(int.Parse!)
                .Where(id => ReadEnvironment(id).Contains(mark, StringComparison.Ordinal)),
        ];
    }

    /// <summary>Asks again and again until it is so.</summary>
    /// <exception cref="TimeoutException">It never was; the message has the fleet's output and last log lines.</exception>
    public async Task WaitUntilAsync(string what, TimeSpan limit, Func<Task<bool>> isSo)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (_run.HasExited || Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException(
                    $"After {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s it was not so that {what}.\n{Output}\n{LogTails()}");
            }

            await Task.Delay(200);
        }
    }

    /// <summary>Stops the fleet as Ctrl-C does; returns the exit code of <c>fleet run</c>.</summary>
    public async Task<int> StopAsync()
    {
        _stopped = true;
        using (var kill = Process.Start("kill", ["-INT", $"{_run.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await _run.WaitForExitAsync(limit.Token);
        return _run.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped && !_run.HasExited)
        {
            await StopAsync();
        }

        Api.Dispose();
        await Database.DisposeAsync();
        await Postgres.DisposeAsync();
        _run.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    private static string Configuration =>
        AppContext.BaseDirectory.Contains("/release/", StringComparison.Ordinal) ? "release" : "debug";

    private static Process Start(Dictionary<string, string> environment, IEnumerable<string> arguments)
    {
        var tool = Path.Combine(
            RealData.RepositoryRoot, "artifacts", "bin", "FleetCli", Configuration, "OrleansAiFleet.FleetCli.dll");
        var start = new ProcessStartInfo("dotnet", [tool, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static string ReadEnvironment(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>All that its processes logged.</summary>
    public string ReadLogs() => string.Join('\n', Directory.GetFiles(Path.Combine(_home, "logs")).Select(File.ReadAllText));

    private void Note(string? line)
    {
        lock (_output)
        {
            _output.Add(line ?? "");
        }
    }

    private string LogTails()
    {
        var folder = Path.Combine(_home, "logs");
        return Directory.Exists(folder)
            ? string.Join('\n', Directory.GetFiles(folder).Select(log => $"--- {Path.GetFileName(log)}\n{string.Join('\n', File.ReadLines(log).TakeLast(30))}"))
            : "";
    }
}
