using System.Text.RegularExpressions;

using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>Takes credentials out of text that is shown or logged.</summary>
internal sealed partial class SecretScrubber
{
    private const int ShortestSecret = 3;
    private const int LongestText = 500;

    private readonly string[] _secrets;

    /// <param name="secret">What opens the source.</param>
    public SecretScrubber(SourceSecret secret) =>
        _secrets = [.. secret.Values().Where(value => value.Length >= ShortestSecret).OrderByDescending(value => value.Length)];

    /// <summary>The text without credentials, without the values of a URL's query, and not longer than a few lines.</summary>
    public string Scrub(string text)
    {
        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, "***", StringComparison.OrdinalIgnoreCase);
        }

        text = UserInformation().Replace(text, "://");
        text = Query().Replace(text, "$1?…");
        return text.Length <= LongestText ? text : text[..LongestText] + "…";
    }

    [GeneratedRegex(@"://[^/\s'""]*@", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserInformation();

    [GeneratedRegex(@"(://[^\s'""?]*)\?[^\s'""]*", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Query();
}
