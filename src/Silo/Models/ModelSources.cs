using System.Net;

using Microsoft.Extensions.Options;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Integrations.Fleet;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Fetches model files from addresses that the fleet's owner allows, in constant memory.</summary>
internal sealed class ModelSources : IDisposable
{
    private const string Field = "source_url";
    private const int MostRedirects = 3;

    private readonly Uri[] _allowed;
    private readonly TimeSpan _timeout;
    private readonly long _mostBytes;
    private readonly HttpClient _http;

    public ModelSources(IOptions<ModelSourceOptions> options, IOptions<ModelUploadOptions> limits)
    {
        _allowed = [.. options.Value.Allowed.Select(begin => new Uri(begin))];
        _timeout = options.Value.Timeout;
        _mostBytes = limits.Value.MaxUploadBytes;
        _http = new(GuardedHttp.CreateHandler([.. options.Value.Networks.Select(network => IPNetwork.Parse(network))]))
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Stores the file at an address.</summary>
    /// <exception cref="FleetRefusedException">The address is not allowed, or does not give a file.</exception>
    public async Task<StoredFile> FetchAsync(string url, UploadedFiles stored, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            using var answer = await FollowAsync(Check(url), limit.Token);
            if (answer.Content.Headers.ContentLength > _mostBytes)
            {
                throw Refuse($"The file has {answer.Content.Headers.ContentLength} bytes; at most {_mostBytes} are possible.");
            }

            await using var content = await answer.Content.ReadAsStreamAsync(limit.Token);
            return await stored.SaveAsync(new LimitedStream(content, _mostBytes), limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refuse($"The file did not come within {_timeout}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or HttpIOException or AddressRefusedException)
        {
            throw Refuse($"The file cannot be fetched: {(failure.GetBaseException() as AddressRefusedException ?? failure).Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> FollowAsync(Uri address, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var answer = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return answer;
            }

            using (answer)
            {
                var isRedirect = (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308;
                if (!isRedirect || answer.Headers.Location is not { } location || redirects == MostRedirects)
                {
                    throw Refuse($"The address answers {(int)answer.StatusCode} instead of a file.");
                }

                address = Check(new Uri(address, location).AbsoluteUri);
            }
        }
    }

    // Uri has resolved dots and slashes by then: the path is what will be asked for.
    private Uri Check(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.UserInfo.Length > 0)
        {
            throw Refuse("source_url must be a whole address without user and password.");
        }

        return _allowed.Any(begin => begin.Scheme == address.Scheme && begin.IdnHost == address.IdnHost && begin.Port == address.Port
                && address.AbsolutePath.StartsWith(begin.AbsolutePath, StringComparison.Ordinal))
            ? address
            : throw Refuse(_allowed.Length == 0
                ? $"Models are not fetched from anywhere: {ModelSourceOptions.Section}:{nameof(ModelSourceOptions.Allowed)} has no addresses."
                : $"The address is none of those that {ModelSourceOptions.Section}:{nameof(ModelSourceOptions.Allowed)} allows.");
    }

    private static FleetRefusedException Refuse(string message) => new(RefusalKind.Invalid, Field, message);
}
