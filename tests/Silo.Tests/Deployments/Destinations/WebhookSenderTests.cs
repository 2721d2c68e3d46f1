using System.Net;
using System.Text;

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Integrations.Deployments.Destinations;

namespace OrleansAiFleet.Silo.Tests.Deployments.Destinations;

public sealed class WebhookSenderTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(Deliveries.Noon);
    private readonly Delivery _delivery = Deliveries.Of(Deliveries.Detection(Guid.NewGuid()));
    private WebhookReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Message_is_posted_with_its_id_its_time_and_its_signature()
    {
        var result = await SendAsync(To(_receiver.Url) with { PreviousSecret = "fedcba9876543210" });

        Assert.Equal(SendOutcome.Delivered, result.Outcome);
        var request = Assert.Single(_receiver.Requests);
        Assert.Equal($"{_delivery.Id}", request.Headers["X-Fleet-Delivery"]);
        Assert.Equal($"{Deliveries.Noon.ToUnixTimeSeconds()}", request.Headers["X-Fleet-Timestamp"]);
        Assert.Equal(
            WebhookSignature.Of(["0123456789abcdef", "fedcba9876543210"], Deliveries.Noon.ToUnixTimeSeconds(), Encoding.UTF8.GetBytes(request.Body)),
            request.Headers["X-Fleet-Signature"]);
        Assert.Equal("application/json", request.Headers.ContentType);
        Assert.Equal(DeliveryJson.Write(_delivery), Encoding.UTF8.GetBytes(request.Body));
    }

    [Fact]
    public async Task Answer_is_told_in_words_and_a_test_message_has_the_beginning_of_it()
    {
        _receiver.Answer = async context =>
        {
            context.Response.StatusCode = 410;
            await context.Response.WriteAsync("no such\nroom" + new string('x', 100_000));
        };

        var result = await SendAsync(To(_receiver.Url));
        var test = await new WebhookSender(Deliveries.Loopback, _time).SendAsync(To(_receiver.Url), _delivery with { IsTest = true }, default);

        Assert.Equal((SendOutcome.Refused, "status_410", null), (result.Outcome, result.Reason, result.Answer));
        Assert.StartsWith("no such room", test.Answer, StringComparison.Ordinal);
        Assert.Equal(500, test.Answer!.Length);
    }

    [Fact]
    public async Task Redirect_leads_nowhere()
    {
        await using var secret = await WebhookReceiver.StartAsync();
        _receiver.Answer = context =>
        {
            context.Response.Redirect(secret.Url, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };

        var result = await SendAsync(To(_receiver.Url));

        Assert.Equal((SendOutcome.Refused, "status_307"), (result.Outcome, result.Reason));
        Assert.Empty(secret.Requests);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("10.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task Name_that_leads_into_a_private_network_is_refused_before_anything_is_sent(string address)
    {
        using var sender = new WebhookSender([], _time, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]));

        var result = await sender.SendAsync(To($"http://hooks.example:{_receiver.Port}/in"), _delivery, default);

        Assert.Equal((SendOutcome.Refused, "address"), (result.Outcome, result.Reason));
        Assert.Empty(_receiver.Requests);
    }

    [Fact]
    public async Task Name_is_resolved_once_so_that_it_cannot_change_its_mind()
    {
        var asked = 0;
        using var sender = new WebhookSender(
            [], _time, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(asked++ == 0 ? "192.168.0.7" : "127.0.0.1")]));

        var result = await sender.SendAsync(To($"http://hooks.example:{_receiver.Port}/in"), _delivery, default);

        Assert.Equal((SendOutcome.Refused, 1), (result.Outcome, asked));
    }

    [Fact]
    public async Task Receiver_that_is_away_or_hangs_up_may_have_it_later()
    {
        var url = _receiver.Url;
        _receiver.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        Assert.Equal((SendOutcome.Unavailable, "connection"), Short(await SendAsync(To(url))));
        await _receiver.DisposeAsync();

        Assert.Equal((SendOutcome.Unavailable, "connection"), Short(await SendAsync(To(url))));
    }

    [Fact]
    public async Task Receiver_that_is_slow_has_its_time_and_no_more()
    {
        var hangs = new TaskCompletionSource();
        _receiver.Answer = context => hangs.Task.WaitAsync(context.RequestAborted);
        await using var senders = new DestinationSenders(Deliveries.Loopback, null, TimeSpan.FromSeconds(0.2), TimeProvider.System);

        var result = await senders.SendAsync(To(_receiver.Url), _delivery, default);

        Assert.Equal((SendOutcome.Unavailable, "timeout"), Short(result));
        Assert.Equal("The receiver did not answer within 0.2 s.", result.Words);
        using var stop = new CancellationTokenSource(50);
        await using var patient = new DestinationSenders(Deliveries.Loopback, null, TimeSpan.FromMinutes(1), TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => patient.SendAsync(To(_receiver.Url), _delivery, stop.Token));
        hangs.SetResult();
    }

    private static (SendOutcome Outcome, string Reason) Short(SendResult result) => (result.Outcome, result.Reason);

    private static WebhookDestination To(string url) => new() { Name = "control-room", Url = url, Secret = "0123456789abcdef" };

    private async Task<SendResult> SendAsync(WebhookDestination destination)
    {
        using var sender = new WebhookSender(Deliveries.Loopback, _time);
        return await sender.SendAsync(destination, _delivery, default);
    }
}
