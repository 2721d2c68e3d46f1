namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>Who may reach this process, and by which names.</summary>
public sealed class NetworkOptions
{
    public const string Section = "Fleet";

    /// <summary>
    /// Allows plain HTTP on addresses that others can reach, and silo ports there without <see cref="FleetClusterOptions.Tls"/>:
    /// for a network of its own.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool AllowNonLoopback { get; set; }

    /// <summary>Addresses or networks (<c>10.0.0.0/24</c>) of proxies in front, whose X-Forwarded-For and X-Forwarded-Proto are believed.</summary>
    /// <value>The default value is empty: nobody's are.</value>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>DNS names and addresses that are in the certificate this host makes, beside those it finds out.</summary>
    /// <value>The default value is empty.</value>
    public string[] HostNames { get; set; } = [];

    /// <summary>File to write the certificate of the fleet's authority to (PEM), for browsers and scripts to trust.</summary>
    /// <value>The default value is <see langword="null"/>: none is written.</value>
    public string? AuthorityFile { get; set; }
}
