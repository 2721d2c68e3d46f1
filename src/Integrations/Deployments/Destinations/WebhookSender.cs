using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Integrations.Fleet;

namespace OrleansAiFleet.Integrations.Deployments.Destinations;

/// <summary>Posts messages, signed. Redirects are not followed, and no name leads to where it must not.</summary>
/// <param name="networks">Private networks in which receivers may be.</param>
/// <param name="time">For timestamps.</param>
/// <param name="resolve">Finds the addresses of a host name; null: the system's.</param>
/// <param name="trust">Whom TLS believes; null: whom the machine does.</param>
public sealed class WebhookSender(
    IReadOnlyCollection<IPNetwork> networks,
    TimeProvider time,
    Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
    ReceiverTrust? trust = null)
    : IDestinationSender, IDisposable
{
    private const int LongestAnswer = 500;

    private readonly HttpClient _http = new(GuardedHttp.CreateHandler(networks, resolve, trust)) { Timeout = Timeout.InfiniteTimeSpan };

    public bool Sends(OutputDestination destination) => destination is WebhookDestination;

    public async Task<SendResult> SendAsync(OutputDestination destination, Delivery delivery, CancellationToken cancellationToken)
    {
        var webhook = (WebhookDestination)destination;
        try
        {
            using var request = RequestOf(webhook, delivery);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var result = WebhookAnswer.Judge((int)answer.StatusCode, answer.Headers.RetryAfter, time.GetUtcNow());
            return delivery.IsTest ? result with { Answer = await ReadAsync(answer.Content, cancellationToken) } : result;
        }
        catch (HttpRequestException failure) when (failure.GetBaseException() is AddressRefusedException refused)
        {
            return SendResult.Refused("address", refused.Message);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return SendResult.Unavailable("connection", $"The receiver cannot be reached: {failure.GetBaseException().Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage RequestOf(WebhookDestination webhook, Delivery delivery)
    {
        var body = DeliveryJson.Write(delivery);
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(MediaTypeNames.Application.Json);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("OrleansAiFleet", "1"));
        request.Headers.Add("X-Fleet-Delivery", delivery.Id.ToString());
        request.Headers.Add("X-Fleet-Timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        string[] secrets = [.. new[] { webhook.Secret, webhook.PreviousSecret }.OfType<string>()];
        request.Headers.Add("X-Fleet-Signature", WebhookSignature.Of(secrets, timestamp, body));
        return request;
    }

    private static async Task<string?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[LongestAnswer];
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var text = new string([.. Encoding.UTF8.GetString(buffer, 0, read).Select(letter => char.IsControl(letter) ? ' ' : letter)]).Trim();
        return text.Length == 0 ? null : text;
    }
}
