using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>
/// The signature of a request: HMAC-SHA-256, keyed with the signing secret, of the time in Unix seconds, the method, the
/// target as it stands in the request line, and the SHA-256 of the body in hexadecimal, each on a line of its own. Pure.
/// </summary>
public static class SignedRequest
{
    /// <summary>Largest body that can be signed, in bytes.</summary>
    public const int MaximumBody = 1 << 20;

    /// <summary>The signature's 32 bytes.</summary>
    public static byte[] Sign(string secret, long unixSeconds, string method, string target, ReadOnlySpan<byte> body)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{unixSeconds}\n{method}\n{target}\n{Convert.ToHexStringLower(SHA256.HashData(body))}");
        return HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text));
    }
}
