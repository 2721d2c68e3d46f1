using System.Net;

using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Integrations.Fleet;

/// <summary>
/// The address of a host that people name: connect to what this gives and to nothing else, so that the name cannot be resolved to another
/// in between.
/// </summary>
public static class GuardedAddress
{
    /// <summary>The first address of a host that may be connected to.</summary>
    /// <param name="host">A name, or an address.</param>
    /// <param name="networks">Private networks in which it may be.</param>
    /// <param name="resolve">Finds the addresses of a name; null: the system's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AddressRefusedException">None of them may be.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The name has none.</exception>
    public static async Task<IPAddress> FindAsync(
        string host,
        IReadOnlyCollection<IPNetwork> networks,
        Func<string, CancellationToken, Task<IPAddress[]>>? resolve,
        CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await (resolve ?? Dns.GetHostAddressesAsync)(host, cancellationToken);
        return addresses.FirstOrDefault(candidate => AddressPolicy.FindRefusal(candidate, networks) is null)
            ?? throw new AddressRefusedException(host);
    }
}

/// <summary>No address of a host may be connected to.</summary>
public sealed class AddressRefusedException : Exception
{
    public AddressRefusedException()
    {
    }

    /// <param name="host">The host's name.</param>
    public AddressRefusedException(string host)
        : base($"{host} has no address that may be connected to: it is in a private or reserved network.")
    {
    }

    public AddressRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
