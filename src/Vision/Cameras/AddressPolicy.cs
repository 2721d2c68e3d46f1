using System.Net;
using System.Net.Sockets;

namespace OrleansAiFleet.Vision.Cameras;

/// <summary>
/// Decides which network addresses a source may be at. Names and spellings do not count, only what they lead to: judge each
/// address that a name resolves to, and connect to that one. Pure.
/// </summary>
public static class AddressPolicy
{
    // Never: metadata of clouds, link-local, reserved, documentation, and wrappings of other addresses.
    private static readonly IPNetwork[] Never = Networks(
        "169.254.0.0/16", "100.100.100.200/32", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "240.0.0.0/4", "fe80::/10", "fec0::/10", "fd00:ec2::254/128", "2001:db8::/32", "2001::/32", "100::/64");

    // Where the site lists them: private and shared networks, this machine, multicast, any local address.
    private static readonly IPNetwork[] OfSite = Networks(
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "0.0.0.0/8", "224.0.0.0/4",
        "::/128", "::1/128", "fc00::/7", "ff00::/8");

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>Reads a network of a site.</summary>
    /// <param name="text">An address and the length of its prefix: <c>10.20.0.0/16</c>.</param>
    public static IPNetwork? FindNetwork(string text) => IPNetwork.TryParse(text, out var network) ? network : null;

    /// <summary>Why a source may not be at this address, or null where it may.</summary>
    /// <param name="address">What a name resolved to.</param>
    /// <param name="networks">Networks that the site lists.</param>
    public static string? FindRefusal(IPAddress address, IReadOnlyCollection<IPNetwork> networks)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(networks);
        var meant = Unwrap(address);
        if (Never.Any(network => network.Contains(meant)))
        {
            return $"The address {meant} is none that a camera can be at.";
        }

        return !OfSite.Any(network => network.Contains(meant)) || networks.Any(network => network.Contains(meant))
            ? null
            : $"The address {meant} is in a private network: an administrator must add it to the site's allowed_networks.";
    }

    // An IPv6 address that stands for an IPv4 address is judged as that.
    private static IPAddress Unwrap(IPAddress address)
    {
        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        if (Nat64.Contains(address) || IsCompatible(bytes))
        {
            return new(bytes.AsSpan(12));
        }

        return SixToFour.Contains(address) ? new(bytes.AsSpan(2, 4)) : new(bytes);
    }

    // ::a.b.c.d of before; :: and ::1 are none.
    private static bool IsCompatible(byte[] bytes) =>
        !bytes.AsSpan(0, 12).ContainsAnyExcept((byte)0) && (bytes[12] != 0 || bytes[13] != 0 || bytes[14] != 0 || bytes[15] > 1);

    private static IPNetwork[] Networks(params string[] networks) => [.. networks.Select(IPNetwork.Parse)];
}
