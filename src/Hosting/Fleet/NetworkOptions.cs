namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>Who may reach this process.</summary>
public sealed class NetworkOptions
{
    public const string Section = "Fleet";

    /// <summary>
    /// Lets the host listen on addresses other machines can reach. There are no users and rights yet: whoever reaches a
    /// host may do everything. Only inside a network of its own (a compose network).
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool AllowNonLoopback { get; set; }
}
