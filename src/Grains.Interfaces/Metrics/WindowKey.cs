using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansAiFleet.Metrics;

/// <summary>A deployment and the start of one of its windows.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.WindowKey")]
public readonly record struct WindowKey(
    [property: Id(0)] Guid DeploymentId, [property: Id(1)] DateTimeOffset Start)
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ssZ";

    /// <summary>Length of a window.</summary>
    public static TimeSpan Length { get; } = TimeSpan.FromMinutes(5);

    /// <summary>First instant after the window.</summary>
    public DateTimeOffset End => Start + Length;

    /// <summary>
    /// Id of the window's row: a version 8 UUID (RFC 9562, 5.8) of the first 16 bytes of SHA-256 over the grain key in
    /// UTF-8. Whoever writes the row derives the same.
    /// </summary>
    public Guid RowId
    {
        get
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(Encoding.UTF8.GetBytes(ToString()), hash);
            hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
            hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
            return new Guid(hash[..16], bigEndian: true);
        }
    }

    /// <summary>The window of an instant: windows start at :00, :05 … of the UTC clock.</summary>
    public static WindowKey For(Guid deploymentId, DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return new(deploymentId, new DateTimeOffset(utc.Ticks - (utc.Ticks % Length.Ticks), TimeSpan.Zero));
    }

    /// <summary>Reads a grain key back.</summary>
    /// <exception cref="FormatException">The text is no window key.</exception>
    public static WindowKey Parse(string key)
    {
        var parts = key.Split('/');
        if (parts.Length != 2)
        {
            throw new FormatException($"'{key}' is no window key: it must be <deployment id>/<start>.");
        }

        return new(
            Guid.Parse(parts[0]),
            DateTimeOffset.ParseExact(parts[1], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
    }

    /// <summary>The grain key: <c>deployment id/start</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{DeploymentId:D}/{Start.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}");
}
