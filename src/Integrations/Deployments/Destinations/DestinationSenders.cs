using System.Globalization;
using System.Net;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;
using OrleansAiFleet.Integrations.Fleet;

namespace OrleansAiFleet.Integrations.Deployments.Destinations;

/// <summary>Sends to destinations of every kind, each try within its time.</summary>
/// <param name="networks">Private networks in which receivers may be.</param>
/// <param name="fileRoot">Folder below which files are written; null: none are.</param>
/// <param name="timeout">Longest that a try may take.</param>
/// <param name="time">The clock.</param>
/// <param name="trust">Whom TLS believes; null: whom the machine does.</param>
/// <param name="resolve">Finds the addresses of a host name; null: the system's.</param>
public sealed class DestinationSenders(
    IReadOnlyCollection<IPNetwork> networks,
    string? fileRoot,
    TimeSpan timeout,
    TimeProvider time,
    ReceiverTrust? trust = null,
    Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) : IAsyncDisposable
{
    private readonly WebhookSender _webhooks = new(networks, time, resolve, trust);
    private readonly MqttSender _brokers = new(networks, time, resolve, trust);
    private readonly FileSender _files = new(fileRoot, time);

    // Half of a try: what is done by then is kept, and the rest is the next one's.
    private readonly ZoneMinderSender _zoneMinders = new(networks, timeout / 2, time, resolve, trust);

    /// <summary>Tries once.</summary>
    /// <param name="destination">Where to, secrets open.</param>
    /// <param name="delivery">The message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">It was given up by the caller; whether the receiver has it is not known.</exception>
    public async Task<SendResult> SendAsync(OutputDestination destination, Delivery delivery, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await SenderOf(destination).SendAsync(destination, delivery, either.Token);
        }
        catch (Exception failure) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested
            && failure is OperationCanceledException or MQTTnet.Exceptions.MqttCommunicationTimedOutException)
        {
            var seconds = timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            return SendResult.Unavailable("timeout", $"The receiver did not answer within {seconds} s.");
        }
    }

    /// <summary>Closes connections that nobody used for a while, and forgets logins.</summary>
    public Task TrimAsync()
    {
        _zoneMinders.Trim();
        return _brokers.TrimAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _webhooks.Dispose();
        _zoneMinders.Dispose();
        await _brokers.DisposeAsync();
    }

    private IDestinationSender SenderOf(OutputDestination destination) =>
        ((IDestinationSender[])[_webhooks, _brokers, _files, _zoneMinders]).FirstOrDefault(sender => sender.Sends(destination))
        ?? throw new ArgumentException($"Nothing sends to {destination}.", nameof(destination));
}
