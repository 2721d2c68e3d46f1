using System.Security.Cryptography;
using System.Text;
using OrleansAiFleet.Metrics;

namespace OrleansAiFleet.Storage.Metrics;

/// <summary>The id of a window's row, derived from its key: whoever writes the window first writes the same row.</summary>
internal static class WindowRowId
{
    /// <summary>A UUID of version 8 (RFC 9562) of the key's SHA-256.</summary>
    public static Guid Of(WindowKey window)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(window.ToString())).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
