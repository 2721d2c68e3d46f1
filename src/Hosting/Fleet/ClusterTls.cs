using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using Orleans.Configuration;

using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>
/// Mutual TLS on every connection of the cluster: whoever has no certificate of the fleet's authority, which takes the master key,
/// gets no further than the handshake.
/// </summary>
internal sealed partial class ClusterTls(
    IOptions<FleetClusterOptions> cluster, HostCertificates certificates, TimeProvider time, ILogger<ClusterTls> logger)
    : IConfigureOptions<SiloConnectionOptions>, IConfigureOptions<ClientConnectionOptions>
{
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

    public void Configure(SiloConnectionOptions options)
    {
        if (cluster.Value.Tls)
        {
            options.ConfigureSiloInboundConnection(Accept);
            options.ConfigureSiloOutboundConnection(Connect);
            options.ConfigureGatewayInboundConnection(Accept);
        }
    }

    public void Configure(ClientConnectionOptions options)
    {
        if (cluster.Value.Tls)
        {
            options.ConfigureConnection(Connect);
        }
    }

    private void Accept(IConnectionBuilder connections) => connections.Use(next => context => RunAsync(context, next, AcceptAsync));

    private void Connect(IConnectionBuilder connections) => connections.Use(next => context => RunAsync(context, next, ConnectAsync));

    private async Task RunAsync(ConnectionContext context, ConnectionDelegate next, Func<SslStream, CancellationToken, Task> authenticate)
    {
        var plain = context.Transport;
        await using var secure = new SslStream(new DuplexPipeStream(plain), leaveInnerStreamOpen: false);
        try
        {
            using var limit = new CancellationTokenSource(HandshakeLimit, time);
            await authenticate(secure, limit.Token);
        }
        catch (Exception refusal) when (refusal is AuthenticationException or IOException or OperationCanceledException)
        {
            LogRefused(context.RemoteEndPoint?.ToString(), refusal.Message);
            context.Abort(new(refusal.Message, refusal));
            throw;
        }

        await using var transport = new SecurePipe(secure);
        context.Transport = transport;
        try
        {
            await next(context);
        }
        finally
        {
            context.Transport = plain;
        }
    }

    private Task AcceptAsync(SslStream stream, CancellationToken cancellationToken) => stream.AuthenticateAsServerAsync(
        new SslServerAuthenticationOptions
        {
            ServerCertificate = certificates.Current,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateChainPolicy = certificates.Trust(),
        },
        cancellationToken);

    private Task ConnectAsync(SslStream stream, CancellationToken cancellationToken) => stream.AuthenticateAsClientAsync(
        new SslClientAuthenticationOptions
        {
            TargetHost = FleetAuthority.HostName,
            ClientCertificates = new X509CertificateCollection { certificates.Current },
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateChainPolicy = certificates.Trust(),
        },
        cancellationToken);

    [LoggerMessage(LogLevel.Warning,
        "A connection of the cluster with {Peer} has no TLS by this fleet's master key and is closed: {Reason} Fleet:Cluster:Tls and Fleet:MasterKey "
        + "must be the same on all hosts")]
    private partial void LogRefused(string? peer, string reason);
}
