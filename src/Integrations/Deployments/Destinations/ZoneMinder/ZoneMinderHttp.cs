using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

using OrleansAiFleet.Integrations.Fleet;

namespace OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

/// <summary>
/// Requests to ZoneMinder's API, each answer within a size. Of what ZoneMinder says of an error nothing is told on: it repeats the address
/// that was asked, with the token in it.
/// </summary>
internal sealed class ZoneMinderHttp(
    IReadOnlyCollection<IPNetwork> networks,
    TimeProvider time,
    Func<string, CancellationToken, Task<IPAddress[]>>? resolve,
    ReceiverTrust? trust) : IDisposable
{
    private const int LongestAnswer = 8 << 20;

    // Numbers are texts in some versions and columns.
    private static readonly JsonSerializerOptions Options = new()
    {
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly HttpClient _http = new(GuardedHttp.CreateHandler(networks, resolve, trust)) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Asks.</summary>
    /// <param name="method">GET, or POST with fields.</param>
    /// <param name="address">The whole address.</param>
    /// <param name="fields">Of the form; null: none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What it answers; a value only where the status is 200.</returns>
    /// <exception cref="ZoneMinderException">It cannot be reached, fails, or answers with something that is none of its answers.</exception>
    public async Task<ZoneMinderAnswer<T>> SendAsync<T>(
        HttpMethod method, string address, IEnumerable<KeyValuePair<string, string>>? fields, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            using var request = new HttpRequestMessage(method, address) { Content = fields is null ? null : new FormUrlEncodedContent(fields) };
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("OrleansAiFleet", "1"));
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => new(answer.StatusCode, await ReadAsync<T>(answer.Content, cancellationToken), answer.Headers.Date),
                HttpStatusCode.Unauthorized or HttpStatusCode.NotFound => new(answer.StatusCode, null, answer.Headers.Date),
                _ => throw new ZoneMinderException(Judge(answer)),
            };
        }
        catch (HttpRequestException failure) when (failure.GetBaseException() is AddressRefusedException refused)
        {
            throw ZoneMinderException.Refused("address", refused.Message);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw ZoneMinderException.Unavailable("connection", $"ZoneMinder cannot be reached: {failure.GetBaseException().Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    // A 204 is a delivery to others; of the API it is no answer.
    private SendResult Judge(HttpResponseMessage answer) =>
        WebhookAnswer.Judge((int)answer.StatusCode, answer.Headers.RetryAfter, time.GetUtcNow()) is { Outcome: not SendOutcome.Delivered } result
            ? result
            : SendResult.Refused("answer", $"ZoneMinder answered {(int)answer.StatusCode} without what was asked for: is it ZoneMinder's address?");

    private static async Task<T> ReadAsync<T>(HttpContent content, CancellationToken cancellationToken)
        where T : class
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var text = new MemoryStream();
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            text.Write(buffer, 0, read);
            if (text.Length > LongestAnswer)
            {
                throw ZoneMinderException.Refused("answer", $"ZoneMinder answered with more than {LongestAnswer >> 20} MiB.");
            }
        }

        try
        {
            return JsonSerializer.Deserialize<T>(text.GetBuffer().AsSpan(0, (int)text.Length), Options) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw ZoneMinderException.Unavailable("answer", "The answer is none of ZoneMinder's API: is it ZoneMinder's address, and is its API on?");
        }
    }
}

/// <summary>An answer.</summary>
/// <param name="Status">200, 401 or 404.</param>
/// <param name="Value">What it says, where it is 200.</param>
/// <param name="Date">The server's clock.</param>
internal sealed record ZoneMinderAnswer<T>(HttpStatusCode Status, T? Value, DateTimeOffset? Date)
    where T : class;
