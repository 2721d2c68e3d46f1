using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>Reads a journal's records in order. For one thread at a time; the journal may be written meanwhile.</summary>
internal sealed class JournalReader(string folder) : IDisposable
{
    public const string Extension = ".journal";

    private SafeFileHandle? _file;
    private JournalPosition _position;

    /// <summary>Where the next record begins.</summary>
    public JournalPosition Position => _position;

    public static string PathOf(string folder, long segment) =>
        Path.Combine(folder, segment.ToString("D10", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Numbers of the files there are, ascending.</summary>
    public static long[] SegmentsOf(string folder) =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*" + Extension)
                .Select(file => long.TryParse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture, out var number) ? number : -1)
                .Where(number => number >= 0)
                .Order()]
            : [];

    public void MoveTo(JournalPosition position)
    {
        if (position.Segment != _position.Segment)
        {
            Close();
        }

        _position = position;
    }

    /// <summary>The next record; passes over it, and over the end of a file to the next one.</summary>
    public JournalRecord Read()
    {
        while (true)
        {
            if (Open() is { } file && ReadFrom(file) is { Kind: not JournalRecordKind.End } record)
            {
                return record;
            }

            var next = SegmentsOf(folder).FirstOrDefault(number => number > _position.Segment, -1);
            if (next < 0)
            {
                return new(JournalRecordKind.End);
            }

            MoveTo(new(next, 0));
        }
    }

    public void Dispose() => Close();

    private JournalRecord ReadFrom(SafeFileHandle file)
    {
        var left = RandomAccess.GetLength(file) - _position.Offset;
        if (left <= 0)
        {
            return new(JournalRecordKind.End);
        }

        Span<byte> header = stackalloc byte[JournalRecord.HeaderBytes];
        var length = left >= header.Length && RandomAccess.Read(file, header, _position.Offset) == header.Length
            ? BinaryPrimitives.ReadInt32LittleEndian(header)
            : 0;
        if (length is <= 0 or > FrameBatchCodec.LargestBatch || length > left - header.Length)
        {
            _position = _position with { Offset = _position.Offset + left };
            return new(JournalRecordKind.Torn);
        }

        var payload = new byte[length];
        var read = RandomAccess.Read(file, payload, _position.Offset + header.Length);
        _position = _position with { Offset = _position.Offset + header.Length + length };
        return read == length && JournalRecord.Checksum(payload) == BinaryPrimitives.ReadUInt32LittleEndian(header[4..])
            ? Decode(payload)
            : new(JournalRecordKind.Damaged, Raw: payload);
    }

    private static JournalRecord Decode(byte[] payload)
    {
        try
        {
            return new(JournalRecordKind.Whole, FrameBatchCodec.Decode(payload));
        }
        catch (InvalidDataException)
        {
            return new(JournalRecordKind.Damaged, Raw: payload);
        }
    }

    private SafeFileHandle? Open()
    {
        if (_file is null && PathOf(folder, _position.Segment) is var path && File.Exists(path))
        {
            _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }

        return _file;
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
