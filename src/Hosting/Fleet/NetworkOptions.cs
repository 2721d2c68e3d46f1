namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>Who may reach this process.</summary>
public sealed class NetworkOptions
{
    public const string Section = "Fleet";

    /// <summary>
    /// Lets the host listen on addresses other machines can reach. It speaks plain HTTP, and silos take whoever reaches
    /// their ports for one of them. Only inside a network of its own (a compose network), with TLS in front.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool AllowNonLoopback { get; set; }

    /// <summary>Addresses or networks (<c>10.0.0.0/24</c>) of proxies in front, whose X-Forwarded-For and X-Forwarded-Proto are believed.</summary>
    /// <value>The default value is empty: nobody's are.</value>
    public string[] TrustedProxies { get; set; } = [];
}
