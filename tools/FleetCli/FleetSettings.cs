using System.Globalization;

namespace OrleansAiFleet.FleetCli;

/// <summary>Folders and ports of one fleet, from the environment. Two fleets run beside each other with different ones.</summary>
internal sealed record FleetSettings
{
    /// <summary>Root of the checkout (<c>FLEET_ROOT</c>, set by the <c>fleet</c> script).</summary>
    public required string Root { get; init; }

    /// <summary>Everything this fleet keeps (<c>FLEET_HOME</c>, default <c>.fleet</c> in the checkout).</summary>
    public required string Home { get; init; }

    /// <summary>REST API and Orleans Dashboard (<c>FLEET_API_PORT</c>, 8080).</summary>
    public required int ApiPort { get; init; }

    /// <summary>Console (<c>FLEET_WEB_PORT</c>, 8081).</summary>
    public required int WebPort { get; init; }

    /// <summary>Health and metrics of the first worker, the next ones count up (<c>FLEET_WORKER_PORT</c>, 8090).</summary>
    public required int WorkerPort { get; init; }

    /// <summary>Private PostgreSQL (<c>FLEET_DB_PORT</c>, 15432).</summary>
    public required int DatabasePort { get; init; }

    /// <summary>Silo-to-silo port of the control silo, workers count up (<c>FLEET_SILO_PORT</c>, 11111).</summary>
    public required int SiloPort { get; init; }

    /// <summary>Client gateway of the control silo (<c>FLEET_GATEWAY_PORT</c>, 30000).</summary>
    public required int GatewayPort { get; init; }

    /// <summary>A PostgreSQL server to use instead of the private one (<c>ConnectionStrings__Fleet</c>), or null.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Key of the audit trail (<c>Fleet__Audit__Key</c>), or null where the file counts.</summary>
    public string? AuditKey { get; init; }

    /// <summary>File with the key of the audit trail (<c>Fleet__Audit__KeyFile</c>, <c>audit.key</c> in the home).</summary>
    public required string AuditKeyFile { get; init; }

    /// <summary>File with the audit trail's noted head (<c>Fleet__Audit__HeadFile</c>), or null where it lies beside the key.</summary>
    public string? AuditHeadFile { get; init; }

    /// <summary>Build to run: the folder below <c>artifacts/bin/&lt;project&gt;</c> (<c>FLEET_CONFIGURATION</c>, release).</summary>
    public required string Configuration { get; init; }

    public Uri ApiAddress => new($"http://127.0.0.1:{ApiPort}/");

    public Uri WebAddress => new($"http://127.0.0.1:{WebPort}/");

    public string LogFolder => Path.Combine(Home, "logs");

    /// <summary>The key with which this tool asks the API: as good as an administrator's password on this fleet.</summary>
    public string KeyFile => Path.Combine(Home, "operator.key");

    /// <summary>The key that protects all others of this fleet.</summary>
    public string MasterKeyFile => Path.Combine(Home, "master.key");

    /// <summary>Where the control silo leaves the password of the administrator that it makes up.</summary>
    public string FirstPasswordFile => Path.Combine(Home, "first-administrator-password");

    public string StateFile => Path.Combine(Home, "fleet.json");

    /// <summary>Reads the environment.</summary>
    /// <exception cref="FleetCliException">A port is no port.</exception>
    public static FleetSettings FromEnvironment() => From(Environment.GetEnvironmentVariable);

    internal static FleetSettings From(Func<string, string?> read)
    {
        var root = read("FLEET_ROOT") ?? Directory.GetCurrentDirectory();
        var home = Path.GetFullPath(Text("FLEET_HOME") ?? Path.Combine(root, ".fleet"));
        return new()
        {
            Root = root,
            Home = home,
            ApiPort = Port("FLEET_API_PORT", 8080),
            WebPort = Port("FLEET_WEB_PORT", 8081),
            WorkerPort = Port("FLEET_WORKER_PORT", 8090),
            DatabasePort = Port("FLEET_DB_PORT", 15432),
            SiloPort = Port("FLEET_SILO_PORT", 11111),
            GatewayPort = Port("FLEET_GATEWAY_PORT", 30000),
            ConnectionString = Text("ConnectionStrings__Fleet"),
            AuditKey = Text("Fleet__Audit__Key"),
            AuditKeyFile = Path.GetFullPath(Text("Fleet__Audit__KeyFile") ?? Path.Combine(home, "audit.key")),
            AuditHeadFile = Text("Fleet__Audit__HeadFile"),
            Configuration = Text("FLEET_CONFIGURATION") ?? "release",
        };

        string? Text(string name) => read(name) is { Length: > 0 } text ? text : null;

        int Port(string name, int standard)
        {
            if (Text(name) is not { } text)
            {
                return standard;
            }

            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
                ? port
                : throw new FleetCliException($"{name} is '{text}': it must be a port, 1 to 65535.");
        }
    }

    /// <summary>The built host of a project.</summary>
    public string HostFile(string project) => Path.Combine(
        Root, "artifacts", "bin", project, Configuration, $"OrleansAiFleet.{project}.dll");
}
