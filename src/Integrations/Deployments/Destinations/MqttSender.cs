using System.Net;
using System.Net.Sockets;

using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Integrations.Fleet;

namespace OrleansAiFleet.Integrations.Deployments.Destinations;

/// <summary>
/// Publishes a message for each frame: those of a camera one after the other, each only after the broker has the one before; cameras side
/// by side.
/// </summary>
/// <param name="networks">Private networks in which brokers may be.</param>
/// <param name="time">For what is idle.</param>
/// <param name="resolve">Finds the addresses of a host name; null: the system's.</param>
/// <param name="trust">Whom TLS believes; null: whom the machine does.</param>
public sealed class MqttSender(
    IReadOnlyCollection<IPNetwork> networks,
    TimeProvider time,
    Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
    ReceiverTrust? trust = null)
    : IDestinationSender, IAsyncDisposable
{
    private const int CamerasAtOnce = 8;

    private readonly MqttConnections _connections = new(networks, time, resolve, trust ?? ReceiverTrust.OfMachine);

    public bool Sends(OutputDestination destination) => destination is MqttDestination;

    public async Task<SendResult> SendAsync(OutputDestination destination, Delivery delivery, CancellationToken cancellationToken)
    {
        var mqtt = (MqttDestination)destination;
        try
        {
            var client = await _connections.GetAsync(mqtt, cancellationToken);
            await Parallel.ForEachAsync(
                delivery.Frames.GroupBy(frame => frame.CameraId),
                new ParallelOptions { MaxDegreeOfParallelism = CamerasAtOnce, CancellationToken = cancellationToken },
                async (camera, token) =>
                {
                    foreach (var frame in camera)
                    {
                        await PublishAsync(client, mqtt, delivery, frame, token);
                    }
                });
            return SendResult.Delivered(mqtt.Qos == 0 ? "It was sent; at qos 0 nobody says whether it arrived." : "The broker has it.");
        }
        catch (Exception failure) when (failure is MqttRefusedException or AddressRefusedException)
        {
            return SendResult.Refused(failure is AddressRefusedException ? "address" : "broker", failure.Message);
        }
        catch (Exception failure) when (failure is MqttCommunicationException or MqttProtocolViolationException
            or MqttClientDisconnectedException or MqttClientNotConnectedException or SocketException or IOException or ObjectDisposedException)
        {
            return SendResult.Unavailable("connection", $"The broker cannot be reached: {failure.GetBaseException().Message}");
        }
    }

    /// <summary>Closes connections that nobody used for a while.</summary>
    public Task TrimAsync() => _connections.TrimAsync();

    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    private static async Task PublishAsync(
        IMqttClient client, MqttDestination destination, Delivery delivery, DeliveredFrame frame, CancellationToken cancellationToken)
    {
        var message = new MqttApplicationMessageBuilder()
            .WithTopic(MqttTopic.Fill(destination.Topic, frame.SiteId, frame.CameraId, delivery.DeploymentId, destination.Name))
            .WithPayload(DeliveryJson.WriteOne(delivery, frame))
            .WithContentType("application/json")
            .WithQualityOfServiceLevel((MqttQualityOfServiceLevel)destination.Qos)
            .WithRetainFlag(destination.Retain)
            .Build();
        var answer = await client.PublishAsync(message, cancellationToken);
        if (!answer.IsSuccess)
        {
            throw answer.ReasonCode is MqttClientPublishReasonCode.QuotaExceeded or MqttClientPublishReasonCode.UnspecifiedError
                or MqttClientPublishReasonCode.ImplementationSpecificError
                ? new MqttCommunicationException($"the broker answers {answer.ReasonCode}")
                : new MqttRefusedException($"The broker refuses the message: {answer.ReasonCode}.");
        }
    }
}
