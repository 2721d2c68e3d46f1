namespace OrleansAiFleet.Silo.Cameras;

/// <summary>Takes the credentials out of a camera's address, so that nothing that shows the address shows them. Pure.</summary>
internal static class SourceAddress
{
    /// <summary>The address without user information, and that as <c>user:password</c>, percent-decoded, or null.</summary>
    public static (string Address, string? Credentials) Split(string address)
    {
        var start = address.IndexOf("://", StringComparison.Ordinal) + 3;
        if (start < 3)
        {
            return (address, null);
        }

        var length = address.AsSpan(start).IndexOfAny("/?#");
        var authority = length < 0 ? address[start..] : address.Substring(start, length);

        // The last one: a password may contain the sign itself.
        var at = authority.LastIndexOf('@');
        return at < 0
            ? (address, null)
            : (address.Remove(start, at + 1), at == 0 ? null : Uri.UnescapeDataString(authority[..at]));
    }
}
