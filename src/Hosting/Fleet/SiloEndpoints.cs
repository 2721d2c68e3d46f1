using System.Net;
using System.Net.Sockets;

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

using Orleans.Configuration;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>Brings <see cref="FleetClusterOptions"/> into Orleans' own options.</summary>
internal sealed class SiloEndpoints(IOptions<FleetClusterOptions> cluster, IConfiguration configuration)
    : IConfigureOptions<EndpointOptions>, IConfigureOptions<SiloOptions>
{
    public void Configure(EndpointOptions options)
    {
        var wanted = cluster.Value;
        var address = Resolve(wanted.AdvertisedAddress);
        if ((wanted.ListenOnAnyAddress || !IPAddress.IsLoopback(address)) && !wanted.Tls && !LoopbackGuard.Allows(configuration))
        {
            throw new OptionsValidationException(nameof(FleetClusterOptions), typeof(FleetClusterOptions),
                ["Fleet:Cluster makes this silo reachable from other machines, where whoever reaches its ports is taken for one of the fleet. "
                    + "Set Fleet:Cluster:Tls=true on all hosts, or Fleet:AllowNonLoopback=true inside a network of its own."]);
        }

        var listen = wanted.ListenOnAnyAddress ? IPAddress.Any : address;
        options.AdvertisedIPAddress = address;
        options.SiloPort = wanted.SiloPort;
        options.GatewayPort = wanted.GatewayPort;
        options.SiloListeningEndpoint = new(listen, wanted.SiloPort);
        options.GatewayListeningEndpoint = wanted.GatewayPort == 0 ? null : new(listen, wanted.GatewayPort);
    }

    public void Configure(SiloOptions options) => options.SiloName = cluster.Value.SiloName;

    private static IPAddress Resolve(string address)
    {
        if (IPAddress.TryParse(address, out var literal))
        {
            return literal;
        }

        try
        {
            // A container knows its own name, not its address. Start-up only.
            return Dns.GetHostAddresses(address, AddressFamily.InterNetwork)[0];
        }
        catch (Exception exception) when (exception is SocketException or IndexOutOfRangeException)
        {
            throw new OptionsValidationException(nameof(FleetClusterOptions), typeof(FleetClusterOptions),
                [$"Fleet:Cluster:AdvertisedAddress '{address}' has no IPv4 address. Give an address or a name that resolves."]);
        }
    }
}
