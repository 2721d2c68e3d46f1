using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OrleansAiFleet.Storage.Access;

/// <summary>A key as whoever holds it has it: <c>fleet_</c> and 256 random bits in base64url. Pure.</summary>
public static class ApiKeySecret
{
    /// <summary>What every key begins with, so that leaked ones are found by whoever scans for secrets.</summary>
    public const string Mark = "fleet_";

    private const int RandomBytes = 32;
    private const int PrefixLength = 12;
    private static readonly int Length = Mark.Length + Base64Url.GetEncodedLength(RandomBytes);

    /// <summary>A new key.</summary>
    public static string Create() => Mark + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>Whether a text has a key's form; says nothing of whether there is such a key.</summary>
    public static bool HasForm(string? text) =>
        text is not null
        && text.Length == Length
        && text.StartsWith(Mark, StringComparison.Ordinal)
        && Base64Url.IsValid(text.AsSpan(Mark.Length));

    /// <summary>SHA-256, the only thing that is kept of it. No salt and no slow hash: nobody guesses 256 random bits.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>The first letters, to tell keys apart in lists and in the audit trail.</summary>
    public static string PrefixOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key[..Math.Min(PrefixLength, key.Length)];
    }
}
