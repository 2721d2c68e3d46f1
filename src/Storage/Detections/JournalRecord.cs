using System.Buffers.Binary;
using System.Numerics;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>A place in a journal: the file's number and the byte in it.</summary>
internal readonly record struct JournalPosition(long Segment, long Offset);

/// <summary>What stood at a place of the journal.</summary>
/// <param name="Kind">Whether there was a record.</param>
/// <param name="Batch">With <see cref="JournalRecordKind.Whole"/>.</param>
/// <param name="Raw">The bytes of a record that cannot be read.</param>
internal readonly record struct JournalRecord(JournalRecordKind Kind, FrameBatch? Batch = null, byte[]? Raw = null)
{
    // Length of the payload and its CRC-32C, little endian.
    public const int HeaderBytes = 8;

    /// <summary>The bytes of a record: header and payload.</summary>
    public static byte[] Frame(byte[] payload)
    {
        var record = new byte[HeaderBytes + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(record, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), Checksum(payload));
        payload.CopyTo(record, HeaderBytes);
        return record;
    }

    /// <summary>CRC-32C (Castagnoli) as in iSCSI, RFC 3720 appendix B.4.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}

internal enum JournalRecordKind
{
    /// <summary>Nothing more.</summary>
    End,

    Whole,

    /// <summary>All its bytes are there, but they are not what was written.</summary>
    Damaged,

    /// <summary>The end of a file is not a whole record: the process died while it wrote.</summary>
    Torn,
}
