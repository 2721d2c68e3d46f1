using System.Net;
using System.Net.Sockets;

using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>Finds the addresses of a host name.</summary>
internal delegate Task<IPAddress[]> HostResolver(string host, CancellationToken cancellationToken);

/// <summary>Resolves, judges and connects in one go: between the judgement and the connection nothing is resolved again.</summary>
internal sealed class SourceGuard(IEnumerable<string> networks, HostResolver resolve)
{
    private readonly IPNetwork[] _networks = [.. networks.Select(AddressPolicy.FindNetwork).OfType<IPNetwork>()];

    /// <summary>An address of the host that a source may be at.</summary>
    /// <exception cref="SourceException">There is none.</exception>
    public async Task<IPAddress> JudgeAsync(string host, CancellationToken cancellationToken)
    {
        string? refusal = null;
        foreach (var address in await ResolveAsync(host.Trim('[', ']'), cancellationToken))
        {
            if (AddressPolicy.FindRefusal(address, _networks) is not { } reason)
            {
                return address;
            }

            refusal = reason;
        }

        throw new SourceException(refusal is null ? $"The host {host} has no address." : $"The source leads to {host}. {refusal}");
    }

    /// <summary>A connection to an address of the host that a source may be at.</summary>
    /// <exception cref="SourceException">There is none, or it does not take the connection.</exception>
    public async Task<TcpClient> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var address = await JudgeAsync(host, cancellationToken);
        var client = new TcpClient(address.AddressFamily);
        try
        {
            await client.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            client.NoDelay = true;
            return client;
        }
        catch (SocketException failure)
        {
            client.Dispose();
            throw new SourceException($"{host}:{port} does not take the connection: {failure.Message}", failure);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return IPAddress.TryParse(host, out var address) ? [address] : await resolve(host, cancellationToken);
        }
        catch (SocketException failure)
        {
            throw new SourceException($"The host {host} cannot be resolved: {failure.Message}", failure);
        }
    }
}
