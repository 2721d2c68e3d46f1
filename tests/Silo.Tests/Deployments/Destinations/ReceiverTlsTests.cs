using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

using MQTTnet.Server;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Integrations.Deployments.Destinations;
using OrleansAiFleet.Integrations.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Silo.Tests.Deployments.Destinations;

/// <summary>Receivers behind TLS, with certificates of an authority that only the fleet's owner gives.</summary>
public sealed class ReceiverTlsTests : IDisposable
{
    private const string Host = "receiver.example";

    private readonly TestAuthority _authority = new();
    private readonly string _file = Path.GetTempFileName();
    private readonly Delivery _delivery = Deliveries.Of(Deliveries.Detection(Guid.NewGuid()));

    public ReceiverTlsTests() => File.WriteAllText(_file, _authority.Pem);

    public void Dispose()
    {
        _authority.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public async Task Broker_with_a_certificate_of_a_given_authority_has_the_message_over_TLS()
    {
        await using var broker = await Broker.StartAsync(_authority.Issue(Host));

        var result = await ToAsync(broker, $"mqtts://{Host}:{broker.Port}", ReceiverTrust.Load(_file));

        Assert.Equal((SendOutcome.Delivered, 1), (result.Outcome, broker.Published));
    }

    [Theory]
    [InlineData("no authority is given")]
    [InlineData("another authority is given that has the same name")]
    [InlineData("the certificate is another host's")]
    [InlineData("the certificate is too old")]
    public async Task Broker_that_cannot_show_who_it_is_gets_neither_password_nor_message(string flaw)
    {
        using var other = new TestAuthority();
        await using var broker = await Broker.StartAsync(flaw switch
        {
            "the certificate is another host's" => _authority.Issue("elsewhere.example"),
            "the certificate is too old" => _authority.Issue(Host, expired: true),
            _ => _authority.Issue(Host),
        });
        if (flaw.StartsWith("another", StringComparison.Ordinal))
        {
            await File.WriteAllTextAsync(_file, other.Pem);
        }

        var result = await ToAsync(broker, $"mqtts://{Host}:{broker.Port}", ReceiverTrust.Load(flaw.StartsWith("no", StringComparison.Ordinal) ? null : _file));

        Assert.Equal((SendOutcome.Unavailable, "connection"), (result.Outcome, result.Reason));
        Assert.Equal((0, 0), (broker.Connected, broker.Published));
        Assert.DoesNotContain("opensesame", result.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broker_that_wants_TLS_has_nothing_without_it()
    {
        await using var broker = await Broker.StartAsync(_authority.Issue(Host));

        var result = await ToAsync(broker, $"mqtt://{Host}:{broker.Port}", ReceiverTrust.Load(_file));

        Assert.Equal((SendOutcome.Unavailable, 0), (result.Outcome, broker.Connected));
    }

    [Fact]
    public async Task Webhook_believes_a_given_authority_too_and_without_it_nobody_who_is_not_known()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        using var certificate = _authority.Issue(Host);
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await using var receiver = builder.Build();
        var received = 0;
        receiver.Run(context =>
        {
            Interlocked.Increment(ref received);
            return context.Response.WriteAsync("");
        });
        await receiver.StartAsync();
        var to = new WebhookDestination { Name = "a", Url = $"https://{Host}:{new Uri(receiver.Urls.First()).Port}/in", Secret = "0123456789abcdef" };

        using var believing = new WebhookSender(Deliveries.Loopback, TimeProvider.System, Resolve, ReceiverTrust.Load(_file));
        using var doubting = new WebhookSender(Deliveries.Loopback, TimeProvider.System, Resolve);

        Assert.Equal(SendOutcome.Delivered, (await believing.SendAsync(to, _delivery, default)).Outcome);
        Assert.Equal((SendOutcome.Unavailable, "connection"), Short(await doubting.SendAsync(to, _delivery, default)));
        Assert.Equal(1, received);
    }

    [Fact]
    public void File_without_a_certificate_is_no_file_of_authorities()
    {
        File.WriteAllText(_file, "nothing");

        Assert.Throws<CryptographicException>(() => ReceiverTrust.Load(_file));
        Assert.Throws<FileNotFoundException>(() => ReceiverTrust.Load(_file + ".pem"));
    }

    private static (SendOutcome Outcome, string Reason) Short(SendResult result) => (result.Outcome, result.Reason);

    private static Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]);

    private async Task<SendResult> ToAsync(Broker broker, string url, ReceiverTrust trust)
    {
        Assert.Equal(0, broker.Published);
        await using var senders = new DestinationSenders(Deliveries.Loopback, null, TimeSpan.FromSeconds(10), TimeProvider.System, trust, Resolve);
        var to = new MqttDestination { Name = "a", BrokerUrl = url, Topic = "t", User = "fleet", Password = "opensesame" };
        return await senders.SendAsync(to, _delivery, default);
    }

    private sealed class Broker(MqttServer server, X509Certificate2 certificate, int port) : IAsyncDisposable
    {
        private int _connected;
        private int _published;

        public int Port => port;

        public int Connected => _connected;

        public int Published => _published;

        public static async Task<Broker> StartAsync(X509Certificate2 certificate)
        {
            var port = FreePorts.Find(1);
            var options = new MqttServerOptionsBuilder().WithoutDefaultEndpoint()
                .WithEncryptedEndpoint().WithEncryptedEndpointBoundIPAddress(IPAddress.Loopback)
                .WithEncryptedEndpointBoundIPV6Address(IPAddress.None).WithEncryptedEndpointPort(port)
                .WithEncryptionCertificate(certificate).WithEncryptionSslProtocol(SslProtocols.None).Build();
            var broker = new Broker(new MqttServerFactory().CreateMqttServer(options), certificate, port);
            await broker.ListenAsync();
            return broker;
        }

        public async ValueTask DisposeAsync()
        {
            await server.StopAsync(new());
            server.Dispose();
            certificate.Dispose();
        }

        private Task ListenAsync()
        {
            server.ValidatingConnectionAsync += _ =>
            {
                Interlocked.Increment(ref _connected);
                return Task.CompletedTask;
            };
            server.InterceptingPublishAsync += _ =>
            {
                Interlocked.Increment(ref _published);
                return Task.CompletedTask;
            };
            return server.StartAsync();
        }
    }
}
