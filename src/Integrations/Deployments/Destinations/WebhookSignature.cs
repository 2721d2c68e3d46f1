using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansAiFleet.Integrations.Deployments.Destinations;

/// <summary>
/// The signature of a webhook's body: HMAC-SHA256 (RFC 2104) over <c>timestamp.body</c>, in hex, for each secret that is valid. Pure.
/// </summary>
public static class WebhookSignature
{
    /// <summary>The value of <c>X-Fleet-Signature</c>: <c>v1=…</c>, two with a comma while a secret is changed.</summary>
    /// <param name="secrets">The valid ones; the newest first.</param>
    /// <param name="timestamp">The value of <c>X-Fleet-Timestamp</c>: seconds since 1970.</param>
    /// <param name="body">The body's bytes as they are sent.</param>
    public static string Of(IEnumerable<string> secrets, long timestamp, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        var head = Encoding.ASCII.GetBytes(timestamp.ToString(CultureInfo.InvariantCulture) + ".");
        var signed = new byte[head.Length + body.Length];
        head.CopyTo(signed, 0);
        body.CopyTo(signed.AsSpan(head.Length));
        return string.Join(',', secrets.Select(secret =>
            "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))));
    }
}
