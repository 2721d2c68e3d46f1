using System.Net;
using System.Net.Sockets;

using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Integrations.Fleet;

namespace OrleansAiFleet.Integrations.Deployments.Destinations;

/// <summary>Connections to brokers: one for all destinations that name the same broker and user. An idle one is closed after a while.</summary>
/// <param name="networks">Private networks in which brokers may be.</param>
/// <param name="time">For what is idle.</param>
/// <param name="resolve">Finds the addresses of a host name; null: the system's.</param>
/// <param name="trust">Whom TLS believes.</param>
internal sealed class MqttConnections(
    IReadOnlyCollection<IPNetwork> networks,
    TimeProvider time,
    Func<string, CancellationToken, Task<IPAddress[]>>? resolve,
    ReceiverTrust trust) : IAsyncDisposable
{
    private static readonly TimeSpan IdleFor = TimeSpan.FromMinutes(5);

    private readonly MqttClientFactory _factory = new();
    private readonly Dictionary<Key, Connection> _connections = [];
    private readonly Lock _gate = new();

    /// <summary>A connected client, for this destination and perhaps others at the same time.</summary>
    /// <exception cref="MqttRefusedException">The broker does not take this user.</exception>
    /// <exception cref="AddressRefusedException">The broker is where none may be.</exception>
    /// <exception cref="SocketException">Its name has no address.</exception>
    /// <exception cref="MqttCommunicationException">It cannot be reached.</exception>
    public async Task<IMqttClient> GetAsync(MqttDestination destination, CancellationToken cancellationToken)
    {
        var connection = Find(new(destination.BrokerUrl, destination.User, destination.Password));
        await connection.Gate.WaitAsync(cancellationToken);
        try
        {
            if (!connection.Client.IsConnected)
            {
                // One that lost its broker may still be busy with that, and takes no new connection until it is done.
                connection.Client.Dispose();
                connection.Client = _factory.CreateMqttClient();
                await ConnectAsync(connection.Client, destination, cancellationToken);
            }

            return connection.Client;
        }
        finally
        {
            connection.Gate.Release();
        }
    }

    /// <summary>Closes what nobody used for a while.</summary>
    public async Task TrimAsync()
    {
        List<Connection> idle;
        lock (_gate)
        {
            var old = _connections.Where(pair => time.GetElapsedTime(pair.Value.UsedAt) > IdleFor).ToArray();
            foreach (var (key, _) in old)
            {
                _connections.Remove(key);
            }

            idle = [.. old.Select(pair => pair.Value)];
        }

        foreach (var connection in idle)
        {
            await CloseAsync(connection);
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<Connection> all;
        lock (_gate)
        {
            all = [.. _connections.Values];
            _connections.Clear();
        }

        foreach (var connection in all)
        {
            await CloseAsync(connection);
        }
    }

    private static async Task CloseAsync(Connection connection)
    {
        // Says goodbye where the broker still listens; a broken connection has nothing to say.
        await connection.Client.TryDisconnectAsync(MqttClientDisconnectOptionsReason.NormalDisconnection, null);
        connection.Client.Dispose();
        connection.Gate.Dispose();
    }

    private Connection Find(Key key)
    {
        lock (_gate)
        {
            if (!_connections.TryGetValue(key, out var connection))
            {
                _connections[key] = connection = new(_factory.CreateMqttClient());
            }

            connection.UsedAt = time.GetTimestamp();
            return connection;
        }
    }

    private async Task ConnectAsync(IMqttClient client, MqttDestination destination, CancellationToken cancellationToken)
    {
        var broker = new Uri(destination.BrokerUrl);
        var isSecure = broker.Scheme == "mqtts";
        var address = await GuardedAddress.FindAsync(broker.IdnHost, networks, resolve, cancellationToken);
        var options = new MqttClientOptionsBuilder()
            .WithEndPoint(new IPEndPoint(address, broker.Port > 0 ? broker.Port : isSecure ? 8883 : 1883))
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId($"fleet-{Guid.NewGuid():N}")
            .WithCleanStart();
        if (destination.User is not null)
        {
            options.WithCredentials(destination.User, destination.Password);
        }

        if (isSecure)
        {
            // The certificate must be the name's, though the connection goes to the address that was judged.
            options.WithTlsOptions(tls => tls.UseTls().WithTargetHost(broker.IdnHost)
                .WithCertificateValidationHandler(shown => trust.Takes(shown.Certificate, shown.Chain, shown.SslPolicyErrors)));
        }

        var answer = await client.ConnectAsync(options.Build(), cancellationToken);
        if (answer.ResultCode is not MqttClientConnectResultCode.Success)
        {
            throw answer.ResultCode is MqttClientConnectResultCode.ServerBusy or MqttClientConnectResultCode.ServerUnavailable
                ? new MqttCommunicationException($"the broker answers {answer.ResultCode}")
                : new MqttRefusedException($"The broker refuses the connection: {answer.ResultCode}.");
        }
    }

    private sealed record Key(string BrokerUrl, string? User, string? Password);

    private sealed class Connection(IMqttClient client)
    {
        public IMqttClient Client { get; set; } = client;

        /// <summary>Who connects, connects for all.</summary>
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public long UsedAt { get; set; }
    }
}

/// <summary>A broker says no, and will say so again.</summary>
internal sealed class MqttRefusedException(string message) : Exception(message);
