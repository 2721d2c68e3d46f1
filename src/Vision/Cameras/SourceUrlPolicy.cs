using System.Buffers;

namespace OrleansAiFleet.Vision.Cameras;

/// <summary>Decides which source addresses a camera may have, and splits credentials from them. Pure.</summary>
/// <remarks>
/// ffmpeg opens anything that looks like a protocol, also ones that read other files (<c>concat:</c>, <c>subfile:</c>),
/// speak to other services (<c>gopher:</c>) or take text for content (<c>data:</c>). Hence a list of what is allowed.
/// </remarks>
public static class SourceUrlPolicy
{
    /// <summary>The request's field that a refusal is about.</summary>
    public const string Field = "source_url";

    /// <summary>Longest address taken, in characters.</summary>
    public const int MaximumLength = 2048;

    /// <summary>Protocols that are allowed where nothing else was configured.</summary>
    public static IReadOnlyList<string> DefaultProtocols { get; } =
        ["file", "http", "https", "rtsp", "rtsps", "rtmp", "rtmps", "srt", "rtp", "srtp", "udp", "tcp", "tls"];

    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.,");

    /// <summary>Takes an address apart.</summary>
    /// <param name="address">An absolute path, a <c>file:</c> URL or a network URL.</param>
    /// <param name="allowedProtocols">Schemes that may be used, in lower case.</param>
    public static SourceUrl Parse(string? address, IReadOnlyCollection<string> allowedProtocols)
    {
        ArgumentNullException.ThrowIfNull(allowedProtocols);
        if (string.IsNullOrWhiteSpace(address))
        {
            return Refuse("The source address is empty: give a path or a URL.");
        }

        address = address.Trim();
        if (address.Length > MaximumLength)
        {
            return Refuse($"The source address is longer than {MaximumLength} characters.");
        }

        if (address.Any(char.IsControl))
        {
            return Refuse("The source address contains a line break or another control character.");
        }

        var scheme = SchemeOf(address);
        if (!allowedProtocols.Contains(scheme ?? "file", StringComparer.OrdinalIgnoreCase))
        {
            return Refuse($"The protocol {scheme ?? "file"} is not allowed: use one of {string.Join(", ", allowedProtocols)}.");
        }

        return scheme is null or "file" ? ParsePath(address, scheme is not null) : ParseUrl(address, scheme);
    }

    /// <summary>The address as it may be shown: without user information, and without the values of its query.</summary>
    public static string Redact(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (SchemeOf(address) is null or "file")
        {
            return address;
        }

        var shown = WithoutUserInformation(address, out _);
        var query = shown.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? shown : shown[..query] + "?…";
    }

    private static SourceUrl ParsePath(string address, bool isUrl)
    {
        var path = address;
        if (isUrl)
        {
            path = address["file:".Length..];
            path = path.StartsWith("//localhost/", StringComparison.OrdinalIgnoreCase) ? path["//localhost".Length..]
                : path.StartsWith("//", StringComparison.Ordinal) ? Uri.UnescapeDataString(path[2..]) : path;
        }

        return Path.IsPathRooted(path)
            ? new() { Kind = SourceKind.Path, Scheme = "file", Address = path }
            : Refuse("The source path is not absolute: workers have no folder in common to start from.");
    }

    private static SourceUrl ParseUrl(string address, string scheme)
    {
        var bare = WithoutUserInformation(address, out var userInformation);
        if (address.Any(char.IsWhiteSpace)
            || !bare.AsSpan(scheme.Length).StartsWith("://")
            || !Uri.TryCreate(bare, UriKind.Absolute, out var uri)
            || uri.UserInfo.Length != 0
            || uri.Host.Length == 0)
        {
            return Refuse($"The source address is no valid {scheme} URL: write it as {scheme}://host/path, with special "
                + "characters in user and password percent-encoded.");
        }

        var user = string.IsNullOrEmpty(userInformation) ? null : Uri.UnescapeDataString(userInformation);
        if (user?.Any(char.IsControl) is true)
        {
            return Refuse("User or password in the source address contains a line break or another control character.");
        }

        var query = bare.IndexOf('?', StringComparison.Ordinal);
        var isSecret = query >= 0 && SourceSecret.IsIn(bare[(query + 1)..]);
        return new()
        {
            Kind = scheme switch
            {
                "http" or "https" => SourceKind.Http,
                "rtsp" or "rtsps" => SourceKind.Rtsp,
                _ => SourceKind.Network,
            },
            Scheme = scheme,
            Address = isSecret ? bare[..query] : bare,
            Secret = new(user, isSecret ? bare[(query + 1)..] : null),
        };
    }

    private static string? SchemeOf(string address)
    {
        var colon = address.IndexOf(':', StringComparison.Ordinal);

        // One letter before the colon is a drive, not a scheme.
        return colon > 1 && char.IsAsciiLetter(address[0]) && !address.AsSpan(0, colon).ContainsAnyExcept(SchemeCharacters)
            ? address[..colon].ToLowerInvariant()
            : null;
    }

    private static string WithoutUserInformation(string address, out string? userInformation)
    {
        userInformation = null;
        var start = address.IndexOf("://", StringComparison.Ordinal) + 3;
        if (start < 3)
        {
            return address;
        }

        var end = address.AsSpan(start).IndexOfAny("/?#");
        var authority = end < 0 ? address[start..] : address.Substring(start, end);
        var at = authority.LastIndexOf('@');
        if (at < 0)
        {
            return address;
        }

        userInformation = authority[..at];
        return string.Concat(address.AsSpan(0, start), address.AsSpan(start + at + 1));
    }

    private static SourceUrl Refuse(string reason) => new() { Refusal = reason };
}
