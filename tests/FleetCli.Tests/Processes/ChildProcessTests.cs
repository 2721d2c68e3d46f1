using System.Diagnostics;

using OrleansAiFleet.FleetCli.Processes;

namespace OrleansAiFleet.FleetCli.Tests.Processes;

public sealed class ChildProcessTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("fleet-cli-").FullName;
    private readonly List<string> _told = [];

    [Fact]
    public async Task A_process_that_ends_by_itself_is_started_again_until_it_is_stopped()
    {
        using var spawner = new Spawner();
        using var stopping = new CancellationTokenSource();
        var restarted = new TaskCompletionSource();
        await using var child = await StartAsync(spawner, "echo hello; exec sleep 60");
        child.Restarted += () => restarted.TrySetResult();
        child.KeepRunning(stopping.Token);

        Process.GetProcessById(child.Running.Process.Id).Kill();
        await restarted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var second = child.Running;
        await stopping.CancelAsync();
        await child.StopAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, second.Restarts);
        Assert.False(second.Process.IsAlive());
        Assert.Contains(_told, line => line.Contains("ended by itself", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_that_does_not_stop_is_ended_by_force()
    {
        using var spawner = new Spawner();
        await using var child = await StartAsync(spawner, "trap '' TERM; echo deaf; while true; do sleep 1; done");
        await WaitForLineAsync(child, "deaf");

        await child.StopAsync(TimeSpan.FromMilliseconds(200));

        Assert.False(child.Running.Process.IsAlive());
        Assert.Contains(_told, line => line.Contains("ended by force", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_it_prints_is_in_its_log()
    {
        using var spawner = new Spawner();
        await using var child = await StartAsync(spawner, "echo one; echo two >&2; exec sleep 60");

        await WaitForLineAsync(child, "one");
        await WaitForLineAsync(child, "two");
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private static async Task WaitForLineAsync(ChildProcess child, string line)
    {
        var started = Stopwatch.GetTimestamp();
        while (!child.LogTail.Contains(line, StringComparison.Ordinal))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"'{line}' never came; seen: {child.LogTail}");
            await Task.Delay(20);
        }
    }

    private Task<ChildProcess> StartAsync(Spawner spawner, string script)
    {
        var settings = FleetSettings.From(name => name == "FLEET_HOME" ? _home : null);
        Directory.CreateDirectory(settings.LogFolder);
        return ChildProcess.StartAsync(
            "child", spawner, settings, new ProcessStartInfo("/bin/sh", ["-c", script]), stopsOnInterrupt: false, _told.Add);
    }
}
