using System.Diagnostics;

using OrleansAiFleet.FleetCli.Database;
using OrleansAiFleet.FleetCli.Processes;

namespace OrleansAiFleet.FleetCli;

/// <summary>The processes of one fleet: started in order, kept running, stopped in reverse.</summary>
internal sealed class RunningFleet(FleetSettings settings, Action<string> tell) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private readonly Spawner _spawner = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<ChildProcess> _children = [];

    /// <summary>Starts the database, the silos and the console, and waits until the API takes requests.</summary>
    /// <exception cref="FleetCliException">One of them does not come up.</exception>
    public async Task StartAsync(int workers, CancellationToken cancellationToken)
    {
        // For its owner alone.
        Directory.CreateDirectory(settings.LogFolder);
        File.SetUnixFileMode(settings.LogFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        LocalKey.Ensure(settings);
        var hosts = new HostPrograms(settings, await StartDatabaseAsync(cancellationToken));
        tell("starting the control silo");
        await StartAsync("silo", hosts.Silo());
        for (var number = 1; number <= workers; number++)
        {
            await StartAsync($"worker-{number}", hosts.Worker(number));
        }

        await StartAsync("web", hosts.Web());
        await WaitUntilReadyAsync(cancellationToken);
        foreach (var child in _children)
        {
            child.Restarted += WriteState;
            child.KeepRunning(_stopping.Token);
        }
    }

    /// <summary>Stops everything, the database last.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        var hosts = _children.Where(child => child.Name != "postgres");
        await Task.WhenAll(hosts.Where(child => child.Name != "silo").Select(child => child.StopAsync(StopLimit)));
        foreach (var child in _children.Where(child => child.Name is "silo").Concat(_children.Where(child => child.Name is "postgres")))
        {
            await child.StopAsync(StopLimit);
        }

        FleetState.Delete(settings);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var child in _children)
        {
            await child.DisposeAsync();
        }

        _spawner.Dispose();
        _stopping.Dispose();
    }

    private async Task<string> StartDatabaseAsync(CancellationToken cancellationToken)
    {
        if (settings.ConnectionString is { } given)
        {
            return given;
        }

        var server = new PrivateServer(settings, PostgresPrograms.Find());
        _children.Add(await server.StartAsync(_spawner, tell, cancellationToken));
        return server.ConnectionString;
    }

    private async Task StartAsync(string name, ProcessStartInfo start)
    {
        _children.Add(await ChildProcess.StartAsync(name, _spawner, settings, start, stopsOnInterrupt: false, tell));
        WriteState();
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var api = new FleetApi(settings);
        var started = Stopwatch.GetTimestamp();
        while (!await api.IsReadyAsync(cancellationToken))
        {
            if (_children.Find(child => child.HasExited) is { } dead)
            {
                throw new FleetCliException($"{dead.Name} ended at its start:\n{dead.LogTail}");
            }

            if (Stopwatch.GetElapsedTime(started) > StartLimit)
            {
                throw new FleetCliException(
                    $"the control silo is not ready after {StartLimit.TotalMinutes:0} minutes; its log is {settings.LogFolder}/silo.log");
            }

            await Task.Delay(200, cancellationToken);
        }

        tell($"up after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
    }

    private void WriteState() => new FleetState(
        ProcessIdentity.Of(Environment.ProcessId), [.. _children.Select(child => child.Running)]).Write(settings);
}
