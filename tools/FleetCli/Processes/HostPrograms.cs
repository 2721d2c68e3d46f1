using System.Diagnostics;
using System.Globalization;

namespace OrleansAiFleet.FleetCli.Processes;

/// <summary>How each host is started: its file and its environment.</summary>
internal sealed class HostPrograms(FleetSettings settings, string connectionString)
{
    /// <summary>The control silo with the REST API.</summary>
    public ProcessStartInfo Silo()
    {
        var start = Host("Silo", settings.ApiPort, "silo", siloOffset: 0);
        start.Environment["Fleet__Access__LocalKeyFile"] = settings.KeyFile;
        start.Environment["Fleet__Access__FirstPasswordFile"] = settings.FirstPasswordFile;
        start.Environment["Fleet__Access__SignInUrl"] = $"{settings.WebAddress}sign-in";
        start.Environment["Fleet__Cluster__GatewayPort"] = settings.GatewayPort.ToString(CultureInfo.InvariantCulture);
        return start;
    }

    /// <summary>A GPU worker silo; <paramref name="number"/> counts from 1.</summary>
    public ProcessStartInfo Worker(int number)
    {
        var start = Host("GpuWorker", settings.WorkerPort + number - 1, $"worker-{number}", number);
        start.Environment["Fleet__FrameBatches__JournalFolder"] = Path.Combine(settings.Home, "journal");
        start.Environment["Fleet__Inference__CacheFolder"] = Path.Combine(settings.Home, "models");
        return start;
    }

    /// <summary>The console.</summary>
    public ProcessStartInfo Web()
    {
        var start = Host("WebAdmin", settings.WebPort, "web", siloOffset: null);
        start.Environment["Fleet__Access__ReturnOrigins__0"] = settings.ApiAddress.GetLeftPart(UriPartial.Authority);
        return start;
    }

    private ProcessStartInfo Host(string project, int httpPort, string name, int? siloOffset)
    {
        var file = settings.HostFile(project);
        if (!File.Exists(file))
        {
            throw new FleetCliException($"{project} is not built: ./fleet run builds it.");
        }

        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Path.GetDirectoryName(file)! };
        start.ArgumentList.Add(file);
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{httpPort.ToString(CultureInfo.InvariantCulture)}";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["FLEET_HOME"] = settings.Home;
        start.Environment["Fleet__Audit__KeyFile"] = settings.AuditKeyFile;
        start.Environment["Fleet__MasterKey__File"] = settings.MasterKeyFile;
        start.Environment["ConnectionStrings__Fleet"] = connectionString;
        start.Environment["Fleet__Cluster__SiloName"] = name;
        if (siloOffset is { } offset)
        {
            start.Environment["Fleet__Cluster__SiloPort"] = (settings.SiloPort + offset).ToString(CultureInfo.InvariantCulture);
        }

        return start;
    }
}
