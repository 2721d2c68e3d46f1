namespace OrleansAiFleet.Vision.Cameras;

/// <summary>What opens a source and is shown to nobody. Pure.</summary>
/// <param name="User"><c>user:password</c>, or null.</param>
/// <param name="Query">The query of its address, without the question mark, where that holds a secret; else null.</param>
public sealed record SourceSecret(string? User, string? Query)
{
    // Neither part has a line break in it.
    private const string QueryMark = "\n?";

    // Names that makers of cameras and recorders give to what lets one in; a query with one of them is kept as a whole.
    private static readonly string[] Parts = ["pass", "pwd", "psw", "token", "secret", "auth", "sign", "cred", "session", "login"];
    private static readonly string[] Names = ["key", "apikey", "api_key", "user", "usr", "username", "u", "p", "pw", "sig", "sid", "hash", "code", "pin"];

    /// <summary>Both in one text, as it is stored encrypted; null where there is nothing.</summary>
    public string? ToText() => Query is null ? User : $"{User}{QueryMark}{Query}";

    /// <summary>Takes a stored text apart.</summary>
    public static SourceSecret Parse(string? text)
    {
        if (text?.IndexOf(QueryMark, StringComparison.Ordinal) is not ({ } mark and >= 0))
        {
            return new(text, null);
        }

        return new(mark == 0 ? null : text[..mark], text[(mark + QueryMark.Length)..]);
    }

    /// <summary>Whether a query, without its question mark, has a parameter that lets one in.</summary>
    public static bool IsIn(string query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Split('&', ';').Select(pair => Uri.UnescapeDataString(pair.Split('=', 2)[0]).ToLowerInvariant()).Any(name =>
            Names.Contains(name, StringComparer.Ordinal) || Parts.Any(part => name.Contains(part, StringComparison.Ordinal)));
    }

    /// <summary>Values that must not be shown anywhere, as they are and as they stand in an address.</summary>
    public IEnumerable<string> Values()
    {
        var user = User is null ? [] : User.Split(':', 2).Prepend(User);
        var query = Query is null ? [] : Query.Split('&', ';').Select(pair => pair.Split('=', 2)[^1]).Prepend(Query);
        return user.Concat(query.SelectMany(value => new[] { value, Uri.UnescapeDataString(value) }))
            .SelectMany(value => new[] { value, Uri.EscapeDataString(value) })
            .Distinct(StringComparer.Ordinal);
    }

    /// <summary>The address with everything that opens it.</summary>
    /// <param name="address">A URL without either.</param>
    public string Open(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (User is not null)
        {
            var authority = address.IndexOf("://", StringComparison.Ordinal) + 3;
            var escaped = string.Join(':', User.Split(':', 2).Select(Uri.EscapeDataString));
            address = $"{address[..authority]}{escaped}@{address[authority..]}";
        }

        return Query is null ? address : $"{address}?{Query}";
    }

    // A record prints its members.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("User = ").Append(User is null ? "none" : "…").Append(", Query = ").Append(Query is null ? "none" : "…");
        return true;
    }
}
