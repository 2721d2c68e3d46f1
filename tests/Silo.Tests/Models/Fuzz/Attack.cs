using System.Diagnostics;
using System.Net;
using System.Text;

using OrleansAiFleet.Silo.Tests.Access;

namespace OrleansAiFleet.Silo.Tests.Models.Fuzz;

/// <summary>Sends requests that are wrong on purpose, and keeps what was answered wrongly: a 5xx, or nothing in time.</summary>
internal sealed class Attack(ControlSilo silo)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly List<string> _failures = [];
    private readonly Dictionary<HttpStatusCode, int> _answers = [];

    /// <summary>How often each status was answered.</summary>
    public IReadOnlyDictionary<HttpStatusCode, int> Answers => _answers;

    /// <summary>Sends bytes as a body.</summary>
    public Task<string?> SendAsync(HttpMethod method, string path, string body, string contentType = "application/json") =>
        SendAsync(method, path, Encoding.UTF8.GetBytes(body), contentType);

    /// <summary>Sends bytes as a body; null is none.</summary>
    /// <returns>What was answered, where the request was taken.</returns>
    public async Task<string?> SendAsync(HttpMethod method, string path, byte[]? body, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        request.Headers.TryAddWithoutValidation("If-Match", "*");

        // Else the server closes before a body is sent that it does not want, and its answer is lost.
        request.Headers.ExpectContinue = body?.Length > 1 << 20;
        return await SendAsync(request, Shown(method, path, body));
    }

    /// <summary>Sends a request; it belongs to the caller.</summary>
    public async Task<string?> SendAsync(HttpRequestMessage request, string shown)
    {
        var started = Stopwatch.GetTimestamp();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            using var answer = await silo.Administrator.SendAsync(request, limit.Token);
            var text = await answer.Content.ReadAsStringAsync(limit.Token);
            _answers[answer.StatusCode] = _answers.GetValueOrDefault(answer.StatusCode) + 1;
            if ((int)answer.StatusCode >= 500)
            {
                _failures.Add($"{(int)answer.StatusCode} for {shown}: {text}");
            }

            return answer.IsSuccessStatusCode ? text : null;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            _failures.Add($"no answer in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s for {shown}");
            return null;
        }
    }

    /// <summary>Fails with every request that was answered wrongly, and where nothing was taken or nothing refused: then it proves nothing.</summary>
    public void AssertWithstood(int least)
    {
        Assert.True(_failures.Count == 0, $"{_failures.Count} requests:\n{string.Join('\n', _failures.Distinct().Take(40))}");
        Assert.InRange(_answers.Values.Sum(), least, int.MaxValue);
        Assert.Contains(_answers, answer => (int)answer.Key is >= 200 and < 300);
        Assert.Contains(_answers, answer => (int)answer.Key is >= 400 and < 500);
    }

    private static string Shown(HttpMethod method, string path, byte[]? body)
    {
        var text = Encoding.UTF8.GetString(body ?? []);
        return $"{method} {(path.Length > 200 ? path[..200] : path)} {(text.Length > 300 ? text[..300] : text)}";
    }
}
