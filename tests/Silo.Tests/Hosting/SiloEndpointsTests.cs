using System.Net;

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

using Orleans.Configuration;

using OrleansAiFleet.Hosting.Fleet;

namespace OrleansAiFleet.Silo.Tests.Hosting;

public sealed class SiloEndpointsTests
{
    [Fact]
    public void Silo_listens_on_the_address_it_advertises()
    {
        var endpoints = Configure(new() { SiloPort = 11111, GatewayPort = 30000 });

        Assert.Equal(IPAddress.Loopback, endpoints.AdvertisedIPAddress);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 11111), endpoints.SiloListeningEndpoint);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 30000), endpoints.GatewayListeningEndpoint);
    }

    [Fact]
    public void Worker_takes_no_clients()
    {
        var endpoints = Configure(new() { SiloPort = 11211, GatewayPort = 0 });

        Assert.Equal(0, endpoints.GatewayPort);
        Assert.Null(endpoints.GatewayListeningEndpoint);
    }

    [Fact]
    public void Name_is_looked_up() =>
        Assert.Equal(IPAddress.Loopback, Configure(new() { AdvertisedAddress = "localhost" }).AdvertisedIPAddress);

    [Theory]
    [InlineData("10.0.0.3", false)]
    [InlineData("127.0.0.1", true)]
    public void Silo_that_others_can_reach_is_refused(string address, bool any)
    {
        var refusal = Assert.Throws<OptionsValidationException>(
            () => Configure(new() { AdvertisedAddress = address, ListenOnAnyAddress = any }));

        Assert.Contains("Fleet:Cluster:Tls", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Silo_that_others_can_reach_speaks_TLS() =>
        Assert.Equal(IPAddress.Any, Configure(new() { ListenOnAnyAddress = true, Tls = true }).SiloListeningEndpoint?.Address);

    [Fact]
    public void Owner_who_insists_is_obeyed()
    {
        var endpoints = Configure(
            new() { AdvertisedAddress = "10.0.0.3", ListenOnAnyAddress = true }, ("Fleet:AllowNonLoopback", "true"));

        Assert.Equal(IPAddress.Any, endpoints.SiloListeningEndpoint?.Address);
        Assert.Equal("10.0.0.3", endpoints.AdvertisedIPAddress.ToString());
    }

    private static EndpointOptions Configure(FleetClusterOptions cluster, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        var endpoints = new EndpointOptions();
        new SiloEndpoints(Options.Create(cluster), configuration).Configure(endpoints);
        return endpoints;
    }
}
