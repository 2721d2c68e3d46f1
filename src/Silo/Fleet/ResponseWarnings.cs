using System.Text;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>What a caller should know although the request was carried out, beside the body.</summary>
internal static class ResponseWarnings
{
    /// <summary>Adds <c>Warning: 299 - "text"</c> headers: RFC 7234, 5.5, obsolete for caches alone.</summary>
    public static void Warn(this HttpResponse response, IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
        {
            response.Headers.Append("Warning", $"299 - \"{Quote(warning)}\"");
        }
    }

    // Headers are ASCII; whatever else a name has in it becomes a question mark.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            quoted.Append(letter switch { '"' => '\'', '\\' => '/', < ' ' or > '~' => '?', _ => letter });
        }

        return quoted.ToString();
    }
}
