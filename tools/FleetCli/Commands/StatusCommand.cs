using System.Text.Json;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.FleetCli.Live;

namespace OrleansAiFleet.FleetCli.Commands;

/// <summary><c>./fleet status</c>: processes, silos, cameras with their counters, addresses.</summary>
internal static class StatusCommand
{
    /// <summary>Returns 0 where the fleet runs, 3 where it does not.</summary>
    public static async Task<int> RunAsync(FleetSettings settings, bool asJson)
    {
        var status = await ReadAsync(settings);
        Console.WriteLine(asJson ? JsonSerializer.Serialize(status, Indented()) : Text(status));
        return status.Running ? 0 : 3;
    }

    private static async Task<FleetStatus> ReadAsync(FleetSettings settings)
    {
        if (FleetState.ReadRunning(settings) is not { } state)
        {
            return new(false, [], null, null);
        }

        using var api = new FleetApi(settings);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        SystemHealth? health = null;
        try
        {
            health = await api.ReadHealthAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Shown as a control silo that does not answer.
        }

        var processes = state.Processes
            .Select(process => new ProcessStatus(process.Name, process.Process.Id, process.Process.IsAlive(), process.Restarts));
        return new(
            true,
            [.. processes],
            new(settings.WebAddress, new(settings.ApiAddress, "docs"), new(settings.ApiAddress, "orleans")),
            health);
    }

    private static string Text(FleetStatus status)
    {
        if (!status.Running)
        {
            return "fleet: nothing runs here";
        }

        var lines = new List<string> { $"console {status.Addresses!.Console}  API {status.Addresses.Api}  dashboard {status.Addresses.Dashboard}" };
        lines.AddRange(status.Processes.Select(process =>
            $"process {process.Name} {process.ProcessId} {(process.Alive ? "up" : "down")}{(process.Restarts > 0 ? $", started again {process.Restarts} times" : "")}"));
        if (status.Health is not { } health)
        {
            lines.Add("the control silo does not answer");
            return string.Join('\n', lines);
        }

        lines.Add($"health {health.Status.ToString().ToLowerInvariant()} {string.Join("; ", health.Reasons)}".TrimEnd());
        lines.AddRange(health.Silos.Select(silo => $"silo {silo.Name} {silo.Silo} {silo.Status}{(silo.IsWorker ? ", worker" : "")}"));
        lines.AddRange(health.Cameras.Select(camera => $"camera {CameraLine.Of(camera)}"));
        return string.Join('\n', lines);
    }

    private static JsonSerializerOptions Indented() => new(FleetJson.Options) { WriteIndented = true };
}

/// <summary>What <c>./fleet status --json</c> prints.</summary>
internal sealed record FleetStatus(
    bool Running, IReadOnlyList<ProcessStatus> Processes, FleetAddresses? Addresses, SystemHealth? Health);

/// <summary>One process.</summary>
internal sealed record ProcessStatus(string Name, int ProcessId, bool Alive, int Restarts);

/// <summary>What to open.</summary>
internal sealed record FleetAddresses(Uri Console, Uri Api, Uri Dashboard);
