using System.ComponentModel.DataAnnotations;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>How this process takes part in the Orleans cluster.</summary>
public sealed class FleetClusterOptions
{
    public const string Section = "Fleet:Cluster";

    /// <summary>Silos and clients with one cluster id find each other.</summary>
    /// <value>The default value is <c>fleet</c>.</value>
    [Required]
    public string ClusterId { get; set; } = "fleet";

    /// <summary>Names stored grain state and reminders; survives a change of cluster id.</summary>
    /// <value>The default value is <c>fleet</c>.</value>
    [Required]
    public string ServiceId { get; set; } = "fleet";

    /// <summary>Name people see.</summary>
    /// <value>The default value is role, machine and process id: <c>worker-box3-4711</c>.</value>
    public string SiloName { get; set; } = "";

    /// <summary>TCP port for other silos.</summary>
    /// <value>The default value is 11111 for control silos, 11211 for workers.</value>
    [Range(1, 65535)]
    public int SiloPort { get; set; } = 11111;

    /// <summary>TCP port for Orleans clients; 0 takes none.</summary>
    /// <value>The default value is 30000 for control silos, 0 for workers.</value>
    [Range(0, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>Address or host name under which other silos reach this one.</summary>
    /// <value>The default value is <c>127.0.0.1</c>.</value>
    [Required]
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>Listens on every interface instead of the advertised address alone (containers).</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool ListenOnAnyAddress { get; set; }

    /// <summary>Mutual TLS between all silos and clients, by certificates that the master key gives. The same on all hosts.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Tls { get; set; }
}
