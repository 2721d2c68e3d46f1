using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

using MQTTnet.Protocol;
using MQTTnet.Server;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Integrations.Deployments.Destinations;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Silo.Tests.Deployments.Destinations;

public sealed class MqttSenderTests : IAsyncLifetime
{
    private readonly int _port = FreePorts.Find(1);
    private readonly ConcurrentQueue<InterceptingPublishEventArgs> _published = [];
    private readonly ConcurrentDictionary<string, int> _clients = [];
    private MqttSender _sender = null!;
    private MqttServer _broker = null!;

    public async Task InitializeAsync()
    {
        var options = new MqttServerOptionsBuilder()
            .WithDefaultEndpoint().WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None).WithDefaultEndpointPort(_port).Build();
        _broker = new MqttServerFactory().CreateMqttServer(options);
        _broker.ValidatingConnectionAsync += connection =>
        {
            connection.ReasonCode = string.IsNullOrEmpty(connection.UserName) || (connection.UserName, connection.Password) == ("fleet", "opensesame")
                ? MqttConnectReasonCode.Success
                : MqttConnectReasonCode.BadUserNameOrPassword;
            return Task.CompletedTask;
        };
        _broker.InterceptingPublishAsync += message =>
        {
            _published.Enqueue(message);
            _clients.AddOrUpdate(message.ClientId, 1, (_, count) => count + 1);
            return Task.CompletedTask;
        };
        await _broker.StartAsync();
        _sender = NewSender();
    }

    public async Task DisposeAsync()
    {
        await _sender.DisposeAsync();
        if (_broker.IsStarted)
        {
            await _broker.StopAsync(new());
        }

        _broker.Dispose();
    }

    [Fact]
    public async Task Every_frame_is_a_message_at_its_topic_and_those_of_a_camera_come_in_their_order()
    {
        var cameras = Enumerable.Range(0, 3).Select(_ => Guid.NewGuid()).ToArray();
        var delivery = Deliveries.Of([.. Enumerable.Range(0, 20).SelectMany(second => cameras.Select(camera => Deliveries.Detection(camera, second)))]);

        var result = await _sender.SendAsync(To("site/{site_id}/{camera_id}/{deployment_id}/{destination}") with { Retain = true }, delivery, default);

        Assert.Equal(SendOutcome.Delivered, result.Outcome);
        Assert.Equal(60, _published.Count);
        Assert.All(_published, message => Assert.True(message.ApplicationMessage.Retain));
        foreach (var camera in cameras)
        {
            var topic = $"site/00000000-0000-0000-0000-000000000051/{camera}/00000000-0000-0000-0000-0000000000d1/control-room";
            var times = _published.Where(message => message.ApplicationMessage.Topic == topic).Select(FrameTimeOf).ToArray();
            Assert.Equal(Enumerable.Range(0, 20).Select(second => Deliveries.Noon.AddSeconds(second)), times);
        }
    }

    [Fact]
    public async Task Destinations_of_one_broker_and_user_share_a_connection_and_another_user_has_his_own()
    {
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => SendAsync(To($"t/{i}"))));
        await SendAsync(To("t") with { User = "fleet", Password = "opensesame" });

        Assert.Equal([1, 5], _clients.Values.Order());
    }

    [Fact]
    public async Task Wrong_password_is_a_refusal_in_words_without_it()
    {
        var result = await SendAsync(To("t") with { User = "fleet", Password = "guessed" });

        Assert.Equal((SendOutcome.Refused, "broker"), (result.Outcome, result.Reason));
        Assert.DoesNotContain("guessed", result.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broker_that_forbids_the_topic_refuses_and_one_that_is_over_its_quota_may_take_it_later()
    {
        _broker.InterceptingPublishAsync += message =>
        {
            message.Response.ReasonCode = message.ApplicationMessage.Topic == "forbidden"
                ? MqttPubAckReasonCode.NotAuthorized
                : MqttPubAckReasonCode.QuotaExceeded;
            return Task.CompletedTask;
        };

        Assert.Equal(SendOutcome.Refused, (await SendAsync(To("forbidden"))).Outcome);
        Assert.Equal(SendOutcome.Unavailable, (await SendAsync(To("full"))).Outcome);
    }

    [Fact]
    public async Task Broker_that_was_away_has_it_when_it_is_back()
    {
        Assert.Equal(SendOutcome.Delivered, (await SendAsync(To("t"))).Outcome);
        await _broker.StopAsync(new());

        Assert.Equal(SendOutcome.Unavailable, (await SendAsync(To("t"))).Outcome);
        await _broker.StartAsync();

        // The connection may take a moment to notice that it is broken: as the dispatcher does, it is tried again.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        SendResult result;
        while ((result = await SendAsync(To("t"))).Outcome == SendOutcome.Unavailable && !limit.IsCancellationRequested)
        {
            await Task.Delay(20);
        }

        Assert.Equal(SendOutcome.Delivered, result.Outcome);
    }

    [Fact]
    public async Task Broker_in_a_network_that_nobody_allowed_is_not_connected_to()
    {
        await using var sender = new MqttSender([], TimeProvider.System);

        var result = await sender.SendAsync(To("t"), Deliveries.Of(Deliveries.Detection(Guid.NewGuid())), default);

        Assert.Equal((SendOutcome.Refused, "address"), (result.Outcome, result.Reason));
    }

    private static MqttSender NewSender() => new(Deliveries.Loopback, TimeProvider.System);

    private static DateTimeOffset FrameTimeOf(InterceptingPublishEventArgs message)
    {
        using var body = JsonDocument.Parse(Encoding.UTF8.GetString(message.ApplicationMessage.Payload));
        return body.RootElement.GetProperty("frame_time").GetDateTimeOffset();
    }

    private MqttDestination To(string topic) => new() { Name = "control-room", BrokerUrl = $"mqtt://127.0.0.1:{_port}", Topic = topic };

    private Task<SendResult> SendAsync(MqttDestination destination) =>
        _sender.SendAsync(destination, Deliveries.Of(Deliveries.Detection(Guid.NewGuid())), CancellationToken.None);
}
