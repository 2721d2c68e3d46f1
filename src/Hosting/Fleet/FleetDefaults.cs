using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>Settings that hold where nobody set them: below every other source of configuration.</summary>
internal static class FleetDefaults
{
    public static void AddTo(IConfigurationBuilder configuration, FleetRole role) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = For(role) });

    private static Dictionary<string, string?> For(FleetRole role) => new()
    {
        ["urls"] = role switch
        {
            FleetRole.Silo => "http://127.0.0.1:5080",
            FleetRole.Worker => "http://127.0.0.1:5081",
            _ => "http://127.0.0.1:5082",
        },
        ["Fleet:Cluster:SiloName"] = $"{role.ToString().ToLowerInvariant()}-{Environment.MachineName}-{Environment.ProcessId}",
        ["Fleet:Cluster:SiloPort"] = role is FleetRole.Worker ? "11211" : "11111",

        // Clients enter by control silos alone: a worker has better things to do than to route.
        ["Fleet:Cluster:GatewayPort"] = role is FleetRole.Worker ? "0" : "30000",
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Warning",

        // While the database comes up there is no key ring; whoever needs it gets the failure.
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "None",

        // A write that fails is told to whoever asked for it, and logged there.
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command"] = "None",
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Update"] = "None",

        // The endpoint's answer says it to whoever asks, every few seconds.
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
        ["Logging:LogLevel:Npgsql"] = "Warning",
        ["Logging:LogLevel:Orleans"] = "Warning",

        // Its warnings are advice to collect garbage as servers do. The hosts do not, on purpose: several share a machine.
        ["Logging:LogLevel:Orleans.Runtime.Silo"] = "Error",

        // Levels go by the start of a name: this one's warnings are about steps of the start and the stop.
        ["Logging:LogLevel:Orleans.Runtime.SiloLifecycleSubject"] = "Warning",

        // At every start it takes the machine's uptime for a check that hangs. Of a process that does stall
        // Orleans.Runtime.MembershipService.LocalSiloHealthMonitor tells too.
        ["Logging:LogLevel:Orleans.Runtime.Watchdog"] = "Error",

        // Once for every call while the cluster is away; whoever called gets the failure and tells of it once.
        ["Logging:LogLevel:Orleans.Messaging.ClientMessageCenter"] = "Error",

        // While a client looks for its cluster the host says so once a minute.
        ["Logging:LogLevel:Orleans.Messaging.GatewayManager"] = "Error",

        // Not as quiet as what else begins with Orleans.
        ["Logging:LogLevel:OrleansAiFleet"] = "Information",

        // Its own lines are those of Orleans' base class, about ranges of a ring that it makes no use of.
        ["Logging:LogLevel:OrleansAiFleet.GpuWorker.Inference.InferenceService"] = "Warning",
        ["Logging:LogLevel:Polly"] = "Warning",
        ["Logging:LogLevel:System.Net.Http"] = "Warning",
        ["Logging:Console:FormatterName"] = "simple",
    };
}
