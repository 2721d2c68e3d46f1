using System.Net;
using System.Net.Sockets;

using OrleansAiFleet.FleetCli.Processes;

namespace OrleansAiFleet.FleetCli.Tests.Processes;

public sealed class PortsTests
{
    [Fact]
    public void A_taken_port_is_named_with_the_variable_that_moves_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var refusal = Assert.Throws<FleetCliException>(() => Ports.RequireFree([("FLEET_API_PORT", port)]));

        Assert.Contains($"port {port} (FLEET_API_PORT)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fleet_of_three_workers_listens_on_eleven_ports_and_a_given_server_saves_one()
    {
        var own = FleetSettings.From(_ => null);

        Assert.Equal(11, Ports.Of(own, workers: 3).Distinct().Count());
        Assert.Equal(10, Ports.Of(own with { ConnectionString = "Host=db" }, workers: 3).Distinct().Count());
    }
}
