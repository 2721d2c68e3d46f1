using System.Net;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>Whether a host, as it stands in an address, is this machine. Pure: no name is looked up.</summary>
internal static class LoopbackHost
{
    /// <param name="host">A name, an IPv4 address, or an IPv6 address with or without brackets.</param>
    public static bool Is(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
