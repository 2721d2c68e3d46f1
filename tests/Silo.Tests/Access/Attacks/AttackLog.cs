using System.Globalization;
using System.Net;

namespace OrleansAiFleet.Silo.Tests.Access.Attacks;

/// <summary>What was tried and what got through.</summary>
internal sealed class AttackLog
{
    private readonly Dictionary<string, (int Tried, int Refused)> _counts = [];

    /// <summary>What got through.</summary>
    public List<string> Through { get; } = [];

    /// <summary>Notes an attempt that must be refused.</summary>
    public void Note(string kind, string what, bool refused)
    {
        var (tried, was) = _counts.GetValueOrDefault(kind);
        _counts[kind] = (tried + 1, refused ? was + 1 : was);
        if (!refused)
        {
            Through.Add($"{kind}: {what}");
        }
    }

    /// <summary>Sends a request that must be refused for who sends it.</summary>
    public async Task RefusedAsync(HttpClient http, string kind, string what, HttpRequestMessage request, params HttpStatusCode[] also)
    {
        using (request)
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Note(
                kind,
                $"{what}: {(int)answer.StatusCode}",
                answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound
                    || also.Contains(answer.StatusCode));
        }
    }

    /// <summary>A line for each kind.</summary>
    public IEnumerable<string> Lines() => _counts.Select(kind => string.Create(
        CultureInfo.InvariantCulture, $"{kind.Key}: {kind.Value.Tried} tried, {kind.Value.Refused} refused"));
}
