using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.FleetCli;

/// <summary>The fleet's REST API, as far as this tool uses it.</summary>
internal sealed class FleetApi : IDisposable
{
    private readonly HttpClient _http;

    public FleetApi(FleetSettings settings)
    {
        _http = new() { BaseAddress = settings.ApiAddress, Timeout = TimeSpan.FromMinutes(2) };
        if (LocalKey.Find(settings) is { } key)
        {
            _http.DefaultRequestHeaders.Add("X-Api-Key", key);
        }
    }

    /// <summary>True once the control silo takes requests.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync("health/ready", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>How the fleet does, or null while nobody answers.</summary>
    public async Task<SystemHealth?> ReadHealthAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _http.GetFromJsonAsync<SystemHealth>(
                "api/admin/ai-models/system-health", FleetJson.Options, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException)
        {
            return null;
        }
    }

    /// <summary>True where something with this address exists.</summary>
    public async Task<bool> ExistsAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(path, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        await RequireSuccessAsync(answer, cancellationToken);
        return true;
    }

    /// <summary>Posts, and says what the server says when it refuses.</summary>
    /// <exception cref="FleetCliException">It was refused.</exception>
    public async Task PostAsync(string path, HttpContent body, CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsync(path, body, cancellationToken);
        await RequireSuccessAsync(answer, cancellationToken);
    }

    /// <summary>What an address holds.</summary>
    /// <exception cref="FleetCliException">It was refused.</exception>
    public async Task<T> ReadAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(path, cancellationToken);
        await RequireSuccessAsync(answer, cancellationToken);
        return (await answer.Content.ReadFromJsonAsync<T>(FleetJson.Options, cancellationToken))!;
    }

    /// <summary>Takes away what an address holds.</summary>
    /// <exception cref="FleetCliException">It was refused.</exception>
    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await _http.DeleteAsync(path, cancellationToken);
        await RequireSuccessAsync(answer, cancellationToken);
    }

    /// <summary>True where the server is away or busy and the same request may work soon.</summary>
    public static bool IsPassing(FleetCliException failure) =>
        failure.InnerException is HttpRequestException { StatusCode: HttpStatusCode.ServiceUnavailable };

    public void Dispose() => _http.Dispose();

    private static async Task RequireSuccessAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            throw new FleetCliException(
                $"{answer.RequestMessage?.RequestUri?.AbsolutePath} answered {(int)answer.StatusCode}: {text}",
                new HttpRequestException(text, inner: null, answer.StatusCode));
        }
    }
}
