namespace OrleansAiFleet.Storage.Models;

/// <summary>How stored files are named: <c>sha256/</c> and 64 lower-case hex digits.</summary>
internal static class ModelFilePath
{
    private const string Prefix = "sha256/";

    public static string Of(string sha256) => Prefix + sha256;

    /// <summary>The hex digits, or null where the path is of another form.</summary>
    public static string? Parse(string path) =>
        path.StartsWith(Prefix, StringComparison.Ordinal)
        && path.Length == Prefix.Length + 64
        && path[Prefix.Length..] is var hex
        && hex.All(char.IsAsciiHexDigitLower)
            ? hex
            : null;
}
