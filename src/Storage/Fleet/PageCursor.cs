using System.Buffers.Binary;
using System.Buffers.Text;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>The time and id of the last row of a page. Opaque to callers: base64url of 24 bytes.</summary>
internal readonly record struct PageCursor(DateTimeOffset Time, Guid Id)
{
    private const int Length = 24;

    /// <summary>Reads a caller's cursor.</summary>
    /// <exception cref="FleetRefusedException">It is none of ours.</exception>
    public static PageCursor Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (text.Length != Base64Url.GetEncodedLength(Length)
            || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, bytes, out var written)
            || written != Length)
        {
            throw Bad();
        }

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks
            ? throw Bad()
            : new(new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[8..], bigEndian: true));
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Time.UtcTicks);
        Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    private static FleetRefusedException Bad() =>
        new(RefusalKind.Invalid, "cursor", "cursor is none that a list gave: take next_cursor of the page before, as it is.");
}
