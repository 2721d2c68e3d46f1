using System.Net.NetworkInformation;

namespace OrleansAiFleet.FleetCli.Processes;

/// <summary>Checks ports before anything is started.</summary>
internal static class Ports
{
    /// <summary>Refuses when one of them is taken.</summary>
    /// <exception cref="FleetCliException">Names each taken port and the variable that moves it.</exception>
    public static void RequireFree(IEnumerable<(string Variable, int Port)> wanted)
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(end => end.Port).ToHashSet();
        var clashes = wanted.Where(wish => taken.Contains(wish.Port)).ToArray();
        if (clashes.Length > 0)
        {
            throw new FleetCliException(
                "another program listens on " + string.Join(", ", clashes.Select(clash => $"port {clash.Port} ({clash.Variable})"))
                + ". End it, or set the variables to free ports.");
        }
    }

    /// <summary>Every port that a fleet listens on.</summary>
    public static IEnumerable<(string Variable, int Port)> Of(FleetSettings settings, int workers)
    {
        yield return ("FLEET_API_PORT", settings.ApiPort);
        yield return ("FLEET_WEB_PORT", settings.WebPort);
        yield return ("FLEET_GATEWAY_PORT", settings.GatewayPort);
        if (settings.ConnectionString is null)
        {
            yield return ("FLEET_DB_PORT", settings.DatabasePort);
        }

        for (var i = 0; i <= workers; i++)
        {
            yield return ("FLEET_SILO_PORT", settings.SiloPort + i);
        }

        for (var i = 0; i < workers; i++)
        {
            yield return ("FLEET_WORKER_PORT", settings.WorkerPort + i);
        }
    }
}
