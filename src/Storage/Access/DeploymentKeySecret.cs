using System.Buffers.Text;
using System.Security.Cryptography;

namespace OrleansAiFleet.Storage.Access;

/// <summary>
/// A deployment's own key: <c>fleet_dep_</c> and 256 random bits in base64url. What is kept of it is its first letters and its
/// SHA-256, as of every key of the fleet. Pure.
/// </summary>
public static class DeploymentKeySecret
{
    /// <summary>What it begins with: tells it apart from the keys of people and services.</summary>
    public const string Mark = ApiKeySecret.Mark + "dep_";

    private const int RandomBytes = 32;
    private const int PrefixLength = 16;
    private const char Separator = ':';
    private static readonly int Length = Mark.Length + Base64Url.GetEncodedLength(RandomBytes);

    /// <summary>A new key.</summary>
    public static string Create() => Mark + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>Whether a text has such a key's form; says nothing of whether there is such a key.</summary>
    public static bool HasForm(string? text) =>
        text is not null
        && text.Length == Length
        && text.StartsWith(Mark, StringComparison.Ordinal)
        && Base64Url.IsValid(text.AsSpan(Mark.Length));

    /// <summary>What is kept of a key.</summary>
    public static string ToStored(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return $"{key[..PrefixLength]}{Separator}{Convert.ToHexStringLower(ApiKeySecret.Hash(key))}";
    }

    /// <summary>The first letters of the key of which this was kept; null where there is none.</summary>
    public static string? PrefixOf(string? stored) => stored?.Split(Separator) is [{ Length: PrefixLength } prefix, _] ? prefix : null;

    /// <summary>Whether a key with this hash is the one of which this was kept. Takes as long whatever differs.</summary>
    public static bool Matches(string? stored, ReadOnlySpan<byte> hash)
    {
        Span<byte> kept = stackalloc byte[SHA256.HashSizeInBytes];
        return stored?.Split(Separator) is [{ Length: PrefixLength }, var hex]
            && Convert.FromHexString(hex, kept, out _, out var written) is System.Buffers.OperationStatus.Done
            && written == kept.Length
            && CryptographicOperations.FixedTimeEquals(kept, hash);
    }
}
