using System.Net;
using System.Net.Sockets;

namespace OrleansAiFleet.Integrations.Fleet;

/// <summary>
/// HTTP to addresses that people name: each address that a name resolves to is judged, and the one that passed is connected to, so that
/// nothing can be resolved to another in between. Redirects are not followed, cookies and proxies not used.
/// </summary>
public static class GuardedHttp
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>A handler for one client.</summary>
    /// <param name="networks">Private networks in which addresses may be.</param>
    /// <param name="resolve">Finds the addresses of a host name; null: the system's.</param>
    /// <param name="trust">Whom TLS believes; null: whom the machine does.</param>
    public static SocketsHttpHandler CreateHandler(
        IReadOnlyCollection<IPNetwork> networks,
        Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
        ReceiverTrust? trust = null) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        SslOptions = new()
        {
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                (trust ?? ReceiverTrust.OfMachine).Takes(certificate, chain, errors),
        },
        ConnectCallback = (context, cancellationToken) => ConnectAsync(
            context.DnsEndPoint, networks, resolve, cancellationToken),
    };

    private static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint host,
        IReadOnlyCollection<IPNetwork> networks,
        Func<string, CancellationToken, Task<IPAddress[]>>? resolve,
        CancellationToken cancellationToken)
    {
        var address = await GuardedAddress.FindAsync(host.Host, networks, resolve, cancellationToken);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, host.Port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
