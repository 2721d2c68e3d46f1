using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

using Orleans.Configuration;

using OrleansAiFleet.Hosting.Fleet;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Tests.Hosting;

/// <summary>Who gets into a cluster that speaks mutual TLS.</summary>
public sealed class ClusterTlsTests(ClusterTlsTests.Cluster cluster) : IClassFixture<ClusterTlsTests.Cluster>
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RefusalTime = TimeSpan.FromSeconds(5);
    private static readonly string Key = Convert.ToBase64String(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
    private static readonly string EarlierKey = Convert.ToBase64String(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    [Fact]
    public async Task Host_with_the_master_key_is_let_in_and_others_are_not()
    {
        Assert.True(await CallsAsync(Key, tls: true, StartLimit));
        Assert.True(await CallsAsync(EarlierKey, tls: true, StartLimit, knownKey: Key));
        Assert.False(await CallsAsync(EarlierKey, tls: true, RefusalTime));
        Assert.False(await CallsAsync(Key, tls: false, RefusalTime));
        Assert.False(await CallsAsync(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), tls: true, RefusalTime));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Port_answers_nothing_to_who_shows_no_certificate(bool gateway)
    {
        var endpoints = cluster.Silo.Get<IOptions<EndpointOptions>>().Value;
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(endpoints.AdvertisedIPAddress, gateway ? endpoints.GatewayPort : endpoints.SiloPort);
        using var authority = new FleetAuthority(Convert.FromBase64String(Key));
        using var tls = new SslStream(tcp.GetStream());

        // Under TLS 1.3 the client's handshake ends before the server has seen that it has no certificate.
        var failure = await Record.ExceptionAsync(async () =>
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = FleetAuthority.HostName,
                CertificateChainPolicy = new()
                {
                    TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { authority.Certificate },
                    RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
                },
            });
            await tls.WriteAsync(new byte[64]);
            Assert.Equal(0, await tls.ReadAsync(new byte[64]));
        });

        Assert.True(failure is null or IOException or AuthenticationException, $"{failure}");
    }

    private async Task<bool> CallsAsync(string key, bool tls, TimeSpan patience, string? knownKey = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["ConnectionStrings:Fleet"] = cluster.Silo.ConnectionString,
            ["Fleet:MasterKey:Value"] = key,
            ["Fleet:Cluster:Tls"] = $"{tls}",
        });
        if (knownKey is not null)
        {
            builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Fleet:MasterKey:Earlier:0", (string?)knownKey)]);
        }

        builder.AddFleet(FleetRole.Console).UseFleetClient();
        await using var app = builder.Build();
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await app.StartAsync(limit.Token);
            return await app.Services.GetRequiredService<IClusterClient>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true) is { Count: 1 };
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await app.StopAsync(stop.Token);
        }
    }

    /// <summary>A control silo that speaks TLS.</summary>
    public sealed class Cluster : IAsyncLifetime
    {
        internal ControlSilo Silo { get; } = new()
        {
            Settings = new Dictionary<string, string?>
            {
                ["Fleet:Cluster:Tls"] = "true",
                ["Fleet:MasterKey:Value"] = Key,
                ["Fleet:MasterKey:Earlier:0"] = EarlierKey,
            },
        };

        public Task InitializeAsync() => Silo.InitializeAsync();

        public Task DisposeAsync() => Silo.DisposeAsync();
    }
}
